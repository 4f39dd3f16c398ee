/** One rotation's worth of stacks of this thread, as V8's sampler gave them. */
export interface CapturedProfile {
  /** A tree as parallel arrays; the root's parent is -1 and parents come before children. Line and column are 1-based, 0 unknown. */
  nodes: CapturedNodes
  /** The leaf's row per sample. */
  samples: Int32Array
  /** Time per sample in µs of CLOCK_MONOTONIC (process.hrtime's clock), ascending. */
  monotonicUs: Float64Array
}

export interface CapturedNodes {
  functionName: string[]
  url: string[]
  line: number[]
  column: number[]
  parent: number[]
}

/** A sampler of the current thread's stacks. `start` once and `stop` once. */
export interface ProfilerBackend {
  readonly name: 'v8-profiler-next' | 'inspector'
  start(intervalUs: number): void
  /** Gets ready for `rotate`: to be called some sampling intervals before it. */
  prepare(): void
  /** What was sampled since the last rotation, up to the last sample worked off; undefined when not prepared. Sampling goes on. */
  rotate(): CapturedProfile | undefined
  stop(): CapturedProfile | undefined
  /** Pushes the current stack into the running profile; absent where the backend can't. */
  mark?(): void
}
