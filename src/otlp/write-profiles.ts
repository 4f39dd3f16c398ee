import { ProfileDictionary } from './profile-dictionary.ts'
import { ProtobufWriter, type AttributeMap } from './protobuf-writer.ts'
import { splitByLines } from './split-by-lines.ts'
import type { ThreadProfile, ThreadSamples } from './thread-profile.ts'

/**
 * Encodes a request of OTLP Profiles (Alpha, `opentelemetry.proto.profiles.v1development`), as of opentelemetry-proto 1.10
 * and 1.11: 1.8, 1.9 and 1.10 each renumbered fields, so that `Sample` is now stack_index = 1, attribute_indices = 2,
 * link_index = 3, values = 4, timestamps_unix_nano = 5. Field numbers compared with the descriptors in PyPI's
 * opentelemetry-proto 1.45.0.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/v1.11.0/opentelemetry/proto/profiles/v1development/profiles.proto
 */
export function writeProfiles(request: ProfilesRequest): Uint8Array<ArrayBuffer> {
  const out = new ProtobufWriter()
  const dictionary = new ProfileDictionary()
  out.message(1, () => {
    out.resource(1, request.resource)
    out.message(2, () => {
      out.scope(1, request.scopeName, request.scopeVersion)
      for (const profile of request.profiles) writeThread(out, dictionary, profile)
    })
  })
  dictionary.write(out, 2)
  return out.finish()
}

export interface ProfilesRequest {
  resource: AttributeMap
  scopeName: string
  scopeVersion: string
  profiles: readonly ThreadProfile[]
}

const sampleTypes = [
  ['wall', 'count', 'wall'],
  ['log', 'count', 'logs'],
  ['span', 'count', 'spanStarts'],
  ['heap', 'bytes', 'heap']
] as const

/** A Profile has one sample type, so a thread becomes up to four, and as many again where some have the lines of calls. */
function writeThread(out: ProtobufWriter, dictionary: ProfileDictionary, profile: ThreadProfile): void {
  const stackRows = new Map<number, number>()
  const attributes = [
    dictionary.attribute('thread.id', profile.threadId),
    dictionary.attribute('thread.name', profile.threadName)
  ]
  sampleTypes.forEach(([type, unit, column], kind) => {
    const all = profile[column]
    if (all === undefined) return
    splitByLines(profile, all).forEach((samples, lines) => {
      if (samples.stack.length > 0) writeKind(samples, type, unit, kind + lines * sampleTypes.length)
    })
  })

  function writeKind(samples: ThreadSamples, type: string, unit: string, kind: number): void {
    out.message(2, () => {
      writeValueType(out, dictionary, 1, type, unit)
      writeSamples(out, dictionary, profile, samples, stackRows)
      const start = unixNano(profile.startUnixUs)
      out.fixed64(3, start)
      out.varint(4, unixNano(profile.endUnixUs) - start)
      if (type === 'heap') {
        writeValueType(out, dictionary, 5, 'space', 'bytes')
        out.varint(6, profile.heap?.intervalBytes ?? 0)
      } else {
        writeValueType(out, dictionary, 5, 'wall', 'nanoseconds')
        out.varint(6, Math.round(profile.intervalUs * 1000))
      }
      out.hex(7, profile.id.slice(0, -1) + kind)
      out.packedVarints(11, attributes)
    })
  }
}

/** One Sample for each stack, link and attributes, with all its times. Without values each time counts as 1. */
function writeSamples(
  out: ProtobufWriter,
  dictionary: ProfileDictionary,
  profile: ThreadProfile,
  samples: ThreadSamples,
  stackRows: Map<number, number>
): void {
  const timeNs = sampleTimes(profile)
  const alike = new Map<string, number[]>()
  for (let i = 0; i < samples.stack.length; i++) {
    const own = samples.uid?.[i] ?? samples.spanName?.[i] ?? ''
    const key = `${samples.stack[i]},${samples.link[i]},${samples.endpoint[i]},${own}`
    const rows = alike.get(key)
    if (rows === undefined) alike.set(key, [i])
    else rows.push(i)
  }
  for (const rows of alike.values()) {
    const first = rows[0]!
    const link = profile.links[samples.link[first]!]
    const endpoint = profile.endpoints[samples.endpoint[first]!]
    const uid = samples.uid?.[first]
    const spanName = samples.spanName?.[first] ?? ''
    const attributes: number[] = []
    if (endpoint !== undefined) attributes.push(dictionary.attribute('microlog.endpoint', endpoint))
    if (uid !== undefined) attributes.push(dictionary.attribute('log.record.uid', uid))
    if (spanName !== '') attributes.push(dictionary.attribute('microlog.span.name', spanName))
    out.message(2, () => {
      out.varint(1, stackRow(dictionary, profile, samples.stack[first]!, stackRows))
      out.packedVarints(2, attributes)
      if (link !== undefined) out.varint(3, dictionary.link(link.traceId, link.spanId))
      const { value } = samples
      if (value !== undefined) {
        out.packedVarints(
          4,
          rows.map(row => value[row]!)
        )
      }
      out.packedFixed64(
        5,
        rows.map(row => timeNs(samples.timeUnixUs[row]!))
      )
    })
  }
}

/** V8 puts a `(root)` under every stack; it says nothing. */
function stackRow(
  dictionary: ProfileDictionary,
  profile: ThreadProfile,
  leaf: number,
  stackRows: Map<number, number>
): number {
  const known = stackRows.get(leaf)
  if (known !== undefined) return known
  const { frames, stacks } = profile
  const locations: number[] = []
  for (let row = leaf; row >= 0; row = stacks.parent[row]!) {
    const frame = stacks.frame[row]!
    const name = frames.functionName[frame]!
    const url = frames.url[frame]!
    if (stacks.parent[row]! < 0 && name === '(root)' && url === '') break
    locations.push(
      dictionary.location({
        functionName: name,
        url,
        startLine: frames.startLine[frame]!,
        line: frames.line[frame]!,
        column: frames.column[frame]!,
        packageId: frames.packageId?.[frame] ?? ''
      })
    )
  }
  const row = dictionary.stack(locations)
  stackRows.set(leaf, row)
  return row
}

function writeValueType(
  out: ProtobufWriter,
  dictionary: ProfileDictionary,
  field: number,
  type: string,
  unit: string
): void {
  out.message(field, () => {
    out.varint(1, dictionary.string(type))
    out.varint(2, dictionary.string(unit))
  })
}

/**
 * Times of samples, as exact as 1/128 of the interval and within the profile's: rounded to a power of two, whose zero bytes
 * take almost half away from what a time takes when compressed.
 */
function sampleTimes({ intervalUs, startUnixUs, endUnixUs }: ThreadProfile): (unixUs: number) => bigint {
  const quantum = 2n ** BigInt(Math.max(0, Math.floor(Math.log2((intervalUs * 1000) / 128))))
  const start = unixNano(startUnixUs)
  const end = unixNano(endUnixUs)
  return unixUs => {
    const rounded = ((unixNano(unixUs) + quantum / 2n) / quantum) * quantum
    return rounded < start ? start : rounded > end ? end : rounded
  }
}

/** A double holds microseconds since 1970, but not nanoseconds. */
function unixNano(unixUs: number): bigint {
  return BigInt(Math.round(unixUs)) * 1000n
}
