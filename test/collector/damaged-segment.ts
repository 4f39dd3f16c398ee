// A segment of which one block has a wrong byte.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeCodec } from '../../src/collector/store/node-codec.ts'
import { encodeRecording, openRecording } from '../../src/format/index.ts'
import { memorySource } from '../../src/format/memory-source.ts'
import { blockKind } from '../../src/format/layout.ts'
import { pushLog, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'

/**
 * Puts a recording of two samples and the log 'said' into a store's folder, with a span where spans are to be damaged; its
 * id is made of the letter.
 */
export async function putRecording(
  root: string,
  letter: string,
  damage?: 'samples' | 'logs' | 'spans'
): Promise<{ id: string; segment: string }> {
  const id = letter.repeat(26)
  const segment = 'journal1-1-2'
  const builder = builderFromText(`
    0ms     1ms
    main    main
    handle  store
  `)
  pushLog(builder, 1, 'said')
  if (damage === 'spans') pushSpan(builder, 'a', 0, 1, '', { name: builder.strings.intern('GET') })
  const bytes = await encodeRecording(builder.finish(), { recording: id, label: letter }, nodeCodec)
  const { footer } = await openRecording(memorySource(bytes), nodeCodec)
  const block = footer.blocks.find(({ kind }) => damage && kind === blockKind[damage])
  if (block) bytes[block.offset]! ^= 1
  mkdirSync(join(root, 'recordings', id), { recursive: true })
  writeFileSync(join(root, 'recordings', id, `${segment}.microlog`), bytes)
  return { id, segment }
}
