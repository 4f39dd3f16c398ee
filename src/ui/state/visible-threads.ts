// Which threads are folded away: those the user chose, else all but the busiest where there are many.
import type { Thread } from '../../recording/threads.ts'

const mostShown = 6

export function hiddenByDefault(threads: readonly Thread[]): number[] {
  return [...threads]
    .sort((a, b) => b.samples - a.samples)
    .slice(mostShown)
    .map(({ id }) => id)
}

export function toggleThread(hidden: readonly number[], thread: number): number[] {
  return hidden.includes(thread) ? hidden.filter(id => id !== thread) : [...hidden, thread]
}
