// What a worker thread of the program learns from the thread that started it, as environment data.
import { getEnvironmentData, setEnvironmentData, type Serializable } from 'node:worker_threads'
import type { Identity } from '../identity/resource.ts'
import type { Settings } from '../options.ts'
import type { SenderWords } from '../send/sender-protocol.ts'

export interface ThreadData {
  /** Where its records go. */
  channel: string
  /** Counts them, see ItemLedger. */
  ledger: SharedArrayBuffer
  /** Say whether anybody hears them yet. */
  senderWords: SenderWords
  /** Who the process is: a thread's own SDK has to say the same. */
  identity: Identity
  /** A thread is recorded as its process is. */
  settings: Settings
  /** The process has its SDK from us: a thread that makes spans gets one, too. */
  startSdk: boolean
  /** Of this one thread, where the launch of it was seen. */
  launch?: ThreadLaunch
}

export interface ThreadLaunch {
  /** As given to `new Worker`, else that of its file. */
  name: string
  /** What it runs: process.argv tells only later. Undefined where that is no file. */
  script: string | undefined
  /** What process.execArgv would be without our preload. */
  execArgv: string[]
  words: ThreadWords
  /** The trace that was active where it was started. */
  trace: Record<string, string>
}

/** Shared by a thread and the one that started it. */
export type ThreadWords = Int32Array<SharedArrayBuffer>

/** Places in the words. */
export const threadWord = {
  /** When the last samples were handed over, by `threadClockMs`; 0: never. */
  handedOver: 0,
  /** 1: all is handed over, nothing is left to lose. */
  finished: 1
} as const

export function createThreadWords(): ThreadWords {
  return new Int32Array(new SharedArrayBuffer(8))
}

/** CLOCK_MONOTONIC in ms, as much of it as fits a word: the same in every thread. */
export function threadClockMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n) | 0
}

const key = 'microlog'

/** What this thread was told; undefined where it isn't to be recorded. */
export function threadData(): ThreadData | undefined {
  return getEnvironmentData(key) as ThreadData | undefined
}

/** What threads that are started from now on are told. It can be cloned, which is more than Node's own declarations allow. */
export function tellThreads(data: ThreadData | undefined): void {
  setEnvironmentData(key, data as unknown as Serializable)
}
