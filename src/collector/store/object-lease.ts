// A lease in an object store, where nothing can be written over: its turns are numbered objects, and the highest one
// counts. A number is put by one process only; who has the lease puts the next to renew it, and an empty one to give it
// back. The last one stays, so that numbers go up for ever: who stood still for long sees that it is not the highest.
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { leaseLapsesAfterMs } from './journal-lease.ts'
import type { Lease } from './journal-lease.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'

interface Turn {
  number: number
  object: StoredObject
}

const turnName = /^turn\.(\d{1,15})$/
const renewAfterMs = leaseLapsesAfterMs / 4

/**
 * Undefined while somebody else has it. Its age is told by the clocks of the store and of this machine: where they differ
 * by more than a minute, two may have it.
 * @param prefix ends in '/'
 */
export async function takeObjectLease(store: ObjectStore, prefix: string): Promise<Lease | undefined> {
  const last = (await listTurns(store, prefix)).at(-1)
  const isFree = last?.object.bytes === 0
  if (last && !isFree && Math.abs(Date.now() - last.object.writtenMs) < leaseLapsesAfterMs) return undefined

  const keyOf = (turn: number): string => `${prefix}turn.${turn}`
  let number = last?.number ?? 0
  let renewedMs = 0
  /** False where another one has taken it. */
  async function next(content: Uint8Array): Promise<boolean> {
    const key = keyOf(number + 1)
    if (!(await store.putIfAbsent(key, content))) return false
    const turns = await listTurns(store, prefix)
    // Others have come and gone meanwhile: this number was theirs, and is free since they deleted it.
    if (turns.at(-1)?.object.key !== key) {
      await store.delete(key)
      return false
    }
    number++
    renewedMs = performance.now()
    for (const { object } of turns.slice(0, -1)) await store.delete(object.key)
    return true
  }
  /** Each of its own: so a store whose answer was lost finds out whose it is. */
  const owner = (): Uint8Array =>
    Buffer.from(`${hostname()} ${process.pid} ${randomBytes(8).toString('hex')}`)

  if (!(await next(owner()))) return undefined
  return {
    async renew() {
      return performance.now() - renewedMs < renewAfterMs || next(owner())
    },
    async release() {
      await next(new Uint8Array())
    }
  }
}

/** In the order of their numbers. */
async function listTurns(store: ObjectStore, prefix: string): Promise<Turn[]> {
  const turns: Turn[] = []
  for (const object of await store.list(prefix)) {
    const match = turnName.exec(object.key.slice(prefix.length))
    if (match) turns.push({ number: Number(match[1]), object })
  }
  return turns.sort((a, b) => a.number - b.number)
}
