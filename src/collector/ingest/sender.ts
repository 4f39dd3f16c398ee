// Who sent a slice, and which recording it belongs to. Senders with a service.instance.id name themselves; the others
// are told apart by everything their resource says, and after a silence they count as a new process.
import { createHash } from 'node:crypto'
import { recordingId } from '../store/recording-id.ts'

/** Attributes of a resource as text. */
export type ResourceText = Readonly<Record<string, string>>

/** After so long without data, a sender without an instance id starts a new recording. */
export const silenceMs = 15 * 60_000
/** Senders without an instance id that are remembered. */
const rememberedSenders = 10_000

export function labelOf(resource: ResourceText): string {
  return resource['microlog.label'] || resource['service.name'] || ''
}

export class Senders {
  /** By digest of their key, which may be long: of senders without an instance id, the least recent first. */
  readonly #known = new Map<string, { id: string; lastMs: number }>()

  /** The recording that data of this sender belongs to when it comes now. */
  recordingOf(resource: ResourceText, nowMs: number): string {
    const instance = resource['service.instance.id']
    if (instance) return recordingId({ ...serviceOf(resource), instance })
    const key = senderKey(resource)
    const digest = digestOf(key)
    const known = this.#known.get(digest)
    if (known && nowMs - known.lastMs <= silenceMs) {
      this.#remember(digest, known.id, Math.max(nowMs, known.lastMs))
      return known.id
    }
    const id = recordingId({ ...serviceOf(resource), instance: `${key} since ${nowMs}` })
    this.#remember(digest, id, nowMs)
    return id
  }

  /** Takes up a recording that is in the store already, so that a restart doesn't split it. */
  learn(id: string, resource: ResourceText, lastMs: number): void {
    if (resource['service.instance.id']) return
    const digest = digestOf(senderKey(resource))
    const known = this.#known.get(digest)
    if (!known || known.lastMs < lastMs) this.#remember(digest, id, lastMs)
  }

  #remember(digest: string, id: string, lastMs: number): void {
    this.#known.delete(digest)
    this.#known.set(digest, { id, lastMs })
    if (this.#known.size <= rememberedSenders) return
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest)
      return
    }
  }
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('base64')
}

/** The parts of its identity that name the service. */
export function serviceOf(resource: ResourceText): { namespace: string; name: string } {
  return { namespace: resource['service.namespace'] ?? '', name: resource['service.name'] ?? '' }
}

/** Resources with one key are one sender. */
export function senderKey(resource: ResourceText): string {
  const instance = resource['service.instance.id']
  if (instance) return JSON.stringify([...Object.values(serviceOf(resource)), instance])
  return JSON.stringify(Object.entries(resource).sort(([a], [b]) => (a < b ? -1 : 1)))
}
