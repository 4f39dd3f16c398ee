// How the address holds what is looked at in a flame graph whose width is no time: bytes, or shares.
import type { TimeRange } from '../../recording/time-range.ts'

/** A call, found again by where it lies, see CallPick. */
export interface GraphPlace {
  readonly depth: number
  readonly at: number
}

/** 'FROM-TO', whole. */
export function formatStretch({ from, to }: TimeRange): string {
  return `${Math.floor(from)}-${Math.ceil(to)}`
}

/** Undefined for what is none within the whole. */
export function parseStretch(text: string | undefined, whole: TimeRange): TimeRange | undefined {
  const match = /^([0-9]{1,15})-([0-9]{1,15})$/.exec(text ?? '')
  if (!match) return undefined
  const [from, to] = [Math.max(whole.from, Number(match[1])), Math.min(whole.to, Number(match[2]))]
  return to > from ? { from, to } : undefined
}

/** 'DEPTH.AT' */
export function formatPlace({ depth, at }: GraphPlace): string {
  return `${depth}.${Math.floor(at)}`
}

export function parsePlace(text: string | undefined): GraphPlace | undefined {
  const match = /^([0-9]{1,5})\.([0-9]{1,15})$/.exec(text ?? '')
  return match ? { depth: Number(match[1]), at: Number(match[2]) } : undefined
}
