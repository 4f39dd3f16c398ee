// Makes closed stretches durable as segments, one after the other. A stretch that can't be written stays, and with it
// its journal; nothing is lost by trying again.
import { encodeRecording } from '../../format/index.ts'
import type { Catalog } from '../store/catalog.ts'
import { segmentId } from '../store/keys.ts'
import { nodeCodec } from '../store/node-codec.ts'
import type { OpenRecordings, Stretch } from './open-recordings.ts'
import type { EncodeSegment } from '../encoding/segment-encoder.ts'
import { labelOf } from './sender.ts'

export class Sealer {
  sealed = 0
  readonly #open: OpenRecordings
  readonly #journal: string
  readonly #catalog: Catalog
  readonly #encode: EncodeSegment | undefined
  #running: Promise<void> | undefined

  /** @param journal whose places the stretches of `open` name */
  constructor(open: OpenRecordings, journal: string, catalog: Catalog, encode?: EncodeSegment) {
    this.#open = open
    this.#journal = journal
    this.#catalog = catalog
    this.#encode = encode
  }

  /** Seals all that is closed; throws what the store throws. */
  run(): Promise<void> {
    this.#running ??= this.#sealAll().finally(() => (this.#running = undefined))
    return this.#running
  }

  async #sealAll(): Promise<void> {
    for (let stretch = this.#open.nextClosed(); stretch; stretch = this.#open.nextClosed()) {
      if (!(await this.#catalog.isDeleted(stretch.recording))) await this.#seal(stretch)
      this.#open.drop(stretch)
    }
  }

  async #seal(stretch: Stretch): Promise<void> {
    const bytes = await encodeStretch(stretch, this.#journal, this.#encode)
    const segment = segmentId(this.#journal, stretch.from, stretch.to)
    await this.#catalog.addSegment(stretch.recording, segment, bytes)
    this.sealed++
  }
}

export async function encodeStretch(
  stretch: Stretch,
  journal: string,
  encode: EncodeSegment = (tables, meta) => encodeRecording(tables, meta, nodeCodec)
): Promise<Uint8Array> {
  const { recording, resource, from, to, tables } = stretch
  const meta = { recording, label: labelOf(resource), resource, journals: [{ file: journal, from, to }] }
  return encode(tables, meta)
}
