import { MicrologError } from '../../base/errors.ts'
import type { BlockEntry, SegmentFooter } from '../footer.ts'
import { blockEncoding, blockKind, groupId } from '../layout.ts'
import type { Group } from '../layout.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { blockName } from './block-name.ts'

const knownKinds: ReadonlySet<number> = new Set(Object.values(blockKind))

/**
 * The blocks that hold the rows of these groups in the window, and what these rows refer to.
 * @param links whether they may refer to spans
 */
export function selectBlocks(
  { blocks }: SegmentFooter,
  groups: readonly Group[],
  window: TimeRange | undefined,
  links = true
): BlockEntry[] {
  const ids = new Set<number>(groups.map(group => groupId[group]))
  const linked = links && (ids.has(groupId.spans) || ids.has(groupId.logs) || ids.has(groupId.samples))
  const wanted = blocks.filter(isReadable).filter(({ kind, owner }) => {
    if (kind === blockKind.links || kind === blockKind.spanIds) return linked
    return owner.group === groupId.shared || ids.has(owner.group)
  })
  if (!window) return wanted
  const skipped = new Set(
    wanted
      .filter(block => block.to < window.from || block.from > window.to)
      .map(({ owner }) => ownerKey(owner))
  )
  return wanted.filter(({ owner }) => owner.chunk === 0 || !skipped.has(ownerKey(owner)))
}

function ownerKey({ group, chunk }: BlockEntry['owner']): number {
  return group * 0x10000 + chunk
}

/** False for a block that this build doesn't know and needn't; throws where it must. */
function isReadable(block: BlockEntry): boolean {
  if (knownKinds.has(block.kind) && block.encoding === blockEncoding) return true
  if (!block.required) return false
  throw new MicrologError(
    'unsupported',
    `This segment has a block that this reader doesn't know (${blockName(block)}, encoding ${block.encoding}): update microlog`,
    { offset: block.offset }
  )
}
