import {
  Function as PprofFunction,
  Line,
  Location,
  Profile,
  Sample,
  StringTable,
  ValueType
} from 'pprof-format'
import type { ProfileInput } from 'pprof-format'

export interface PprofText {
  /** 'cpu/nanoseconds' */
  types: string[]
  /** 'main handler: 1 10000000', outermost first; '-' for no call at all. */
  samples: string[]
  period?: string
  /** What differs from a file as it should be; it may add strings. */
  cells?: (texts: StringTable) => ProfileInput
}

/** A pprof file that you can see, as Go writes it: a function and a location each, of file app.go. */
export function pprofFromText({ types, samples, period = '', cells }: PprofText): Uint8Array {
  const texts = new StringTable()
  const valueType = (text: string): ValueType => {
    const [type, unit] = text.split('/')
    return new ValueType({ type: texts.dedup(type!), unit: texts.dedup(unit!) })
  }
  const ids = new Map<string, number>()
  const idOf = (name: string): number => ids.get(name) ?? ids.set(name, ids.size + 1).size
  const sample = samples.map(text => {
    const [calls, values] = text.split(': ')
    const names = calls === '-' ? [] : calls!.split(' ')
    return new Sample({ locationId: names.map(idOf).reverse(), value: values!.split(' ').map(BigInt) })
  })
  const [periodNanos, periodType] = period.split(' ')
  return new Profile({
    sampleType: types.map(valueType),
    sample,
    function: [...ids].map(
      ([name, id]) =>
        new PprofFunction({ id, name: texts.dedup(name), filename: texts.dedup('app.go'), startLine: id })
    ),
    location: [...ids.values()].map(
      id => new Location({ id, line: [new Line({ functionId: id, line: id + 100 })] })
    ),
    stringTable: texts,
    ...(periodType && { period: Number(periodNanos), periodType: valueType(periodType) }),
    ...cells?.(texts)
  }).encode()
}
