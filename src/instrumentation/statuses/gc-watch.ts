import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks'

export const gcKinds = ['minor', 'major', 'incremental', 'weakcb'] as const
export type GcKind = (typeof gcKinds)[number]

/** Collections of one kind over a stretch of time. */
export interface GcFigures {
  count: number
  ms: number
  longestMs: number
}

export type GcByKind = Readonly<Record<GcKind, GcFigures>>

/** What take() gives where nothing was collected. */
export const noCollections: GcByKind = zeroCollections()

/** Counts since it was begun, or taken last. */
export interface GcTally {
  take(): GcByKind
  end(): void
}

export interface GcWatch {
  tally(): GcTally
  stop(): void
}

/** Counts the garbage collections of this thread. */
export function watchGc(): GcWatch {
  const tallies = new Set<{ figures: GcByKind | undefined }>()
  const count = (entries: PerformanceEntry[]): void => {
    for (const entry of entries) {
      const { duration } = entry
      const kind = kindOf((entry as { detail?: { kind?: number } }).detail?.kind)
      for (const tally of tallies) {
        const figures = (tally.figures ??= zeroCollections())[kind]
        figures.count++
        figures.ms += duration
        if (duration > figures.longestMs) figures.longestMs = duration
      }
    }
  }
  const observer = new PerformanceObserver(list => count(list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  const catchUp = (): void => count(observer.takeRecords())
  return {
    tally() {
      catchUp()
      const tally: { figures: GcByKind | undefined } = { figures: undefined }
      tallies.add(tally)
      return {
        take() {
          catchUp()
          const { figures } = tally
          tally.figures = undefined
          return figures ?? noCollections
        },
        end: () => void tallies.delete(tally)
      }
    },
    stop() {
      catchUp()
      observer.disconnect()
    }
  }
}

function zeroCollections(): GcByKind {
  const zero = (): GcFigures => ({ count: 0, ms: 0, longestMs: 0 })
  return { minor: zero(), major: zero(), incremental: zero(), weakcb: zero() }
}

function kindOf(kind: number | undefined): GcKind {
  if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) return 'major'
  if (kind === constants.NODE_PERFORMANCE_GC_INCREMENTAL) return 'incremental'
  if (kind === constants.NODE_PERFORMANCE_GC_WEAKCB) return 'weakcb'
  return 'minor'
}
