import { listThreads } from '../../recording/threads.ts'
import type { Recording } from '../../recording/schema.ts'

const mainThread = 0

/** By id; '' for the main thread, and where there is only one: it goes without saying. */
export function threadNames(recording: Recording): (id: number) => string {
  const threads = listThreads(recording)
  const names = new Map(threads.map(({ id, name }) => [id, name]))
  return id => (threads.length > 1 && id !== mainThread ? (names.get(id) ?? '') : '')
}
