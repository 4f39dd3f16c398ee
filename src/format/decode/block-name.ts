import type { BlockEntry } from '../footer.ts'
import { blockKind, groupId } from '../layout.ts'

const names = new Map<number, string>(Object.entries(blockKind).map(([name, kind]) => [kind, name]))
const groupNames = new Map<number, string>(Object.entries(groupId).map(([name, id]) => [id, name]))

/** For messages: 'logs 2', 'strings of samples'. */
export function blockName({ kind, owner }: BlockEntry): string {
  const name = names.get(kind) ?? `of kind ${kind}`
  const group = groupNames.get(owner.group) ?? String(owner.group)
  const of = group === 'shared' || group === name ? '' : ` of ${group}`
  return owner.chunk > 0 ? `${name}${of} ${owner.chunk}` : `${name}${of}`
}
