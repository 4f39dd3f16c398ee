// How a selection is written in the address. Everything read from there is checked: a link may come from anybody.
import { nanosPerSecond } from '../../base/units.ts'
import type { TimeRange } from '../../recording/time-range.ts'

/** A call, found again by where it lies: the call of this thread and depth that is open at this time. */
export interface CallPick {
  /** `threads.id`: 0 for the main thread. */
  thread: number
  /** 0 is the outermost call. */
  depth: number
  /** Its start, in ns since the recording's epoch. */
  time: number
}

/** '12.104-14.02': seconds since the start, with as many digits as a screen of that width can show. */
export function formatRange(range: TimeRange | null): string | undefined {
  if (!range) return undefined
  const seconds = (range.to - range.from) / nanosPerSecond
  const digits = Math.min(9, Math.max(0, Math.ceil(4 - Math.log10(Math.max(seconds, 1e-9)))))
  return `${decimal(range.from, digits)}-${decimal(range.to, digits)}`
}

export function parseRange(text: string | undefined): TimeRange | null {
  const match = /^(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)-(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)$/.exec(text ?? '')
  if (!match) return null
  const from = Math.round(Number(match[1]) * nanosPerSecond)
  const to = Math.round(Number(match[2]) * nanosPerSecond)
  return to > from ? { from, to } : null
}

/** 'call:THREAD.DEPTH.TIME' (ns) or 'log:UID'. */
export function formatPick(call: CallPick | null, log: string | null): string | undefined {
  if (call) return `call:${call.thread}.${call.depth}.${Math.round(call.time)}`
  return log ? `log:${log}` : undefined
}

export function parsePick(text: string | undefined): { call: CallPick | null; log: string | null } {
  const call = /^call:([0-9]{1,9})\.([0-9]{1,5})\.(-?[0-9]{1,16})$/.exec(text ?? '')
  if (call) {
    const [thread, depth, time] = call.slice(1).map(Number) as [number, number, number]
    return { call: { thread, depth, time }, log: null }
  }
  const log = /^log:([\x21-\x7e]{1,200})$/.exec(text ?? '')
  return { call: null, log: log?.[1] ?? null }
}

/** '1,4'; '-' is an empty list, which differs from none given. */
export function formatIds(ids: readonly number[] | null): string | undefined {
  if (!ids) return undefined
  return ids.length ? ids.join(',') : '-'
}

export function parseIds(text: string | undefined): readonly number[] | null {
  if (text === '-') return []
  return text && /^[0-9]{1,9}(,[0-9]{1,9}){0,999}$/.test(text) ? text.split(',').map(Number) : null
}

function decimal(nanos: number, digits: number): string {
  const text = (nanos / nanosPerSecond).toFixed(digits)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
