// What the values of a pprof file mean as time and as a count of samples.
import { MicrologError } from '../base/errors.ts'
import type { PprofFile } from './pprof-file.ts'

export interface PprofMeasure {
  /** ns from one sample to the next; 0 where the file doesn't say. */
  period: number
  nanosOf(values: readonly number[]): number
  countOf(values: readonly number[]): number
}

const nanosOfUnit = new Map([
  ['nanoseconds', 1],
  ['ns', 1],
  ['microseconds', 1e3],
  ['us', 1e3],
  ['milliseconds', 1e6],
  ['ms', 1e6],
  ['seconds', 1e9],
  ['s', 1e9]
])

/** Wall or CPU time where the file has it, else another time; else how often a sample was taken by the period. */
export function choosePprofMeasure(file: PprofFile): PprofMeasure {
  const { sampleTypes, periodType, defaultSampleType } = file
  const unit = (at: number): number => nanosOfUnit.get(sampleTypes[at]?.unit ?? '') ?? 0
  const timed = sampleTypes.map((_, at) => at).filter(at => unit(at) > 0)
  const named = (name: RegExp): number | undefined => timed.find(at => name.test(sampleTypes[at]!.type))
  const byDefault = timed.find(at => sampleTypes[at]!.type === defaultSampleType)
  const timeAt = named(/^wall([-_]time)?$/) ?? named(/^cpu([-_]time)?$/) ?? byDefault ?? timed[0]
  const countAt = findCount(sampleTypes)
  const period = Math.max(0, file.period * (nanosOfUnit.get(periodType?.unit ?? '') ?? 0))
  if (timeAt === undefined && (countAt < 0 || period === 0)) {
    const found = sampleTypes.map(({ type, unit }) => `${type}/${unit}`.slice(0, 60)).join(', ')
    throw new MicrologError(
      'unsupported',
      `Expected a pprof file of time (wall/nanoseconds, or samples/count with a period in nanoseconds), found ${found}`
    )
  }
  const nanosOf = (values: readonly number[]): number =>
    timeAt === undefined ? values[countAt]! * period : values[timeAt]! * unit(timeAt)
  const countOf = (values: readonly number[]): number => {
    const count = countAt < 0 ? 0 : values[countAt]!
    const nanos = nanosOf(values)
    if (count > 0 || nanos === 0) return count
    return period > 0 ? Math.max(1, Math.round(nanos / period)) : 1
  }
  return { period, nanosOf, countOf }
}

/** Of samples in time, which a file may count beside what was allocated: -1 where nothing else is counted. */
function findCount(sampleTypes: PprofFile['sampleTypes']): number {
  const samples = sampleTypes.findIndex(({ type, unit }) => unit === 'count' && /^samples?$/.test(type))
  if (samples >= 0) return samples
  return sampleTypes.findIndex(({ type, unit }) => unit === 'count' && !/alloc|inuse|heap|object/.test(type))
}
