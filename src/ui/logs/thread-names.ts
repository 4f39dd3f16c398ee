import { listThreads } from '../../recording/threads.ts'
import type { Recording } from '../../recording/schema.ts'

/** By id; '' for all where there is only one: it goes without saying. */
export function threadNames(recording: Recording): (id: number) => string {
  const threads = listThreads(recording)
  const names = new Map(threads.map(({ id, name }) => [id, name]))
  return id => (threads.length > 1 ? (names.get(id) ?? '') : '')
}
