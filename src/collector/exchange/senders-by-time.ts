// Whose data a file holds: as in ingest, but a silence is one in the data, not in when it came.
import { rangeOfRecording } from '../../recording/time-range.ts'
import type { Recording } from '../../recording/schema.ts'
import { recordingId } from '../store/recording-id.ts'
import { senderKey, serviceOf, silenceMs } from '../ingest/sender.ts'
import type { ResourceText } from '../ingest/sender.ts'
import { unixMs } from '../store/unix-ms.ts'
import type { Catalog } from '../store/catalog.ts'

interface Stay {
  id: string
  /** Unix ms. */
  from: number
  to: number
}

export class SendersByTime {
  /** Of senders without an instance id. */
  readonly #stays = new Map<string, Stay[]>()

  /** Knows the recordings of the store, so that a second file of a process joins the first. */
  static async of(catalog: Catalog): Promise<SendersByTime> {
    const senders = new SendersByTime()
    for await (const { segment, file } of catalog.openEach(await catalog.segments())) {
      const { meta, from, to } = file.footer
      if (!meta.resource || meta.resource['service.instance.id']) continue
      const stay = { id: segment.recording, from: unixMs(file.footer, from), to: unixMs(file.footer, to) }
      senders.#join(senderKey(meta.resource), stay)
    }
    return senders
  }

  recordingOf(resource: ResourceText, tables: Recording): string {
    const instance = resource['service.instance.id']
    if (instance) return recordingId({ ...serviceOf(resource), instance })
    const key = senderKey(resource)
    const range = rangeOfRecording(tables)
    const epochMs = unixMs(tables, 0)
    const [from, to] = [epochMs + range.from / 1e6, epochMs + range.to / 1e6]
    const near = this.#stays
      .get(key)
      ?.find(stay => from <= stay.to + silenceMs && to >= stay.from - silenceMs)
    const id = near?.id ?? recordingId({ ...serviceOf(resource), instance: `${key} since ${from}` })
    this.#join(key, { id, from, to })
    return id
  }

  #join(key: string, { id, from, to }: Stay): void {
    const stays = this.#stays.get(key) ?? []
    this.#stays.set(key, stays)
    const known = stays.find(stay => stay.id === id)
    if (!known) stays.push({ id, from, to })
    else {
      known.from = Math.min(known.from, from)
      known.to = Math.max(known.to, to)
    }
  }
}
