// What stands in for start-worker.ts where the page is one file, its workers in it.
import MatchWorker from './match-worker.ts?worker&inline'
import SegmentWorker from './segment-worker.ts?worker&inline'

export function startSegmentWorker(): Worker {
  return new SegmentWorker()
}

export function startMatchWorker(): Worker {
  return new MatchWorker()
}
