import type { SegmentFooter } from '../../format/index.ts'

/** Unix ms of a time of the footer; NaN where it isn't set. */
export function unixMs({ epoch }: Pick<SegmentFooter, 'epoch'>, time: number): number {
  return Number(epoch / 1000n) / 1000 + time / 1e6
}

/** Where its data ends, Unix ms; -Infinity where nothing in it has a time. */
export function endMs(footer: Pick<SegmentFooter, 'epoch' | 'to'>): number {
  return Number.isNaN(footer.to) ? -Infinity : unixMs(footer, footer.to)
}
