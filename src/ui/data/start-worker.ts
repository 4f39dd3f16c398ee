// The page's workers, each in a file beside it. A copy of a recording is one file: see start-inlined-worker.ts.

export function startSegmentWorker(): Worker {
  return new Worker(new URL('./segment-worker.ts', import.meta.url), { type: 'module' })
}

export function startMatchWorker(): Worker {
  return new Worker(new URL('./match-worker.ts', import.meta.url), { type: 'module' })
}
