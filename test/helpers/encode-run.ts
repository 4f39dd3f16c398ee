import { encodeRecording } from '../../src/format/index.ts'
import { nodeCodec } from '../../src/collector/store/node-codec.ts'
import type { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { builderFromText } from './recording-from-text.ts'

/**
 * A run as the bytes of its one segment; its id is made of the letter that labels it.
 * @param text samples, as recordingFromText takes them
 * @param fill adds what else it has
 * @param resource of its process
 */
export async function encodeRun(
  letter: string,
  text: string,
  fill: (builder: RecordingBuilder) => void = () => {},
  resource: Record<string, string> = {}
): Promise<{ id: string; bytes: Uint8Array }> {
  const builder = builderFromText(text)
  fill(builder)
  const id = letter.repeat(26)
  const meta = { recording: id, label: letter, resource }
  return { id, bytes: await encodeRecording(builder.finish(), meta, nodeCodec) }
}
