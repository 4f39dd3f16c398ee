// What frames and log records say of the program, in the terms of whoever wrote it: original places, and packages.
import type { LinkedProfile, LogRecord } from '../record-sink.ts'
import type { Packages } from './packages.ts'
import type { SourceMaps } from './source-maps.ts'

/** Longer lines aren't of a stack. */
const longestLine = 1000
const stackLine = /^(\s*at (?:.* \()?)((?:file:\/\/\/|\/|[A-Za-z]:[\\/]).*):(\d+):(\d+)(\)?)$/

export function describeProfile(profile: LinkedProfile, maps: SourceMaps, packages: Packages): LinkedProfile {
  const { functionName, url, line, column, startLine } = profile.frames
  const frames = {
    functionName: [...functionName],
    url: [...url],
    line: line.slice(),
    column: column.slice(),
    startLine: startLine.slice(),
    packageId: url.map(file => packages.of(file))
  }
  for (let row = 0; row < url.length; row++) {
    const place = { functionName: functionName[row]!, url: url[row]!, line: line[row]!, column: column[row]! }
    const original = maps.original(place)
    if (original === undefined) continue
    frames.functionName[row] = original.functionName
    frames.url[row] = original.url
    frames.line[row] = original.line
    frames.column[row] = original.column
    if (startLine[row] !== 0) frames.startLine[row] = original.line
    // Others' code in a bundle.
    if (/[\\/]node_modules[\\/]/.test(original.url)) frames.packageId[row] = packages.of(original.url)
  }
  return { ...profile, frames }
}

export function describeLog(record: LogRecord, maps: SourceMaps): LogRecord {
  const { attributes } = record
  const stack = attributes['exception.stacktrace']
  const url = attributes['code.file.path']
  if (typeof stack !== 'string' && typeof url !== 'string') return record
  const described = { ...attributes }
  if (typeof stack === 'string') described['exception.stacktrace'] = describeStack(stack, maps)
  if (typeof url === 'string') {
    const original = maps.original({
      functionName: String(attributes['code.function.name'] ?? ''),
      url,
      line: Number(attributes['code.line.number'] ?? 0),
      column: Number(attributes['code.column.number'] ?? 0)
    })
    if (original !== undefined) {
      if (original.functionName !== '') described['code.function.name'] = original.functionName
      described['code.file.path'] = original.url
      described['code.line.number'] = original.line
      described['code.column.number'] = original.column
    }
  }
  return { ...record, attributes: described }
}

/** A stack as V8 prints it; lines that aren't a place in a file stay as they are. */
function describeStack(stack: string, maps: SourceMaps): string {
  return stack
    .split('\n')
    .map(text => {
      const found = text.length <= longestLine ? stackLine.exec(text) : null
      if (found === null) return text
      const [, before, url = '', line, column, after] = found
      const place = { functionName: '-', url, line: Number(line), column: Number(column) }
      const original = maps.originalOfPrinted(place)
      return original === undefined
        ? text
        : `${before}${original.url}:${original.line}:${original.column}${after}`
    })
    .join('\n')
}
