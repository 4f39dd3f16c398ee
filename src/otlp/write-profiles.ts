import { ProfileDictionary } from './profile-dictionary.ts'
import { ProtobufWriter, type AttributeMap } from './protobuf-writer.ts'
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
  ['wall', 'wall'],
  ['log', 'logs'],
  ['span', 'spanStarts']
] as const

/** A Profile has one sample type, so a thread becomes up to three. */
function writeThread(out: ProtobufWriter, dictionary: ProfileDictionary, profile: ThreadProfile): void {
  const stackRows = new Map<number, number>()
  const attributes = [
    dictionary.attribute('thread.id', profile.threadId),
    dictionary.attribute('thread.name', profile.threadName)
  ]
  sampleTypes.forEach(([type, column], kind) => {
    const samples = profile[column]
    if (samples.stack.length === 0) return
    out.message(2, () => {
      writeValueType(out, dictionary, 1, type, 'count')
      writeSamples(out, dictionary, profile, samples, stackRows)
      const start = unixNano(profile.startUnixUs)
      out.fixed64(3, start)
      out.varint(4, unixNano(profile.endUnixUs) - start)
      writeValueType(out, dictionary, 5, 'wall', 'nanoseconds')
      out.varint(6, Math.round(profile.intervalUs * 1000))
      out.hex(7, profile.id.slice(0, -1) + kind)
      out.packedVarints(11, attributes)
    })
  })
}

/** One Sample for each stack, link and attributes, with all its times. Without values each time counts as 1. */
function writeSamples(
  out: ProtobufWriter,
  dictionary: ProfileDictionary,
  profile: ThreadProfile,
  samples: ThreadSamples,
  stackRows: Map<number, number>
): void {
  const alike = new Map<string, number[]>()
  for (let i = 0; i < samples.stack.length; i++) {
    const key = `${samples.stack[i]},${samples.link[i]},${samples.endpoint[i]},${samples.uid?.[i] ?? ''}`
    const rows = alike.get(key)
    if (rows === undefined) alike.set(key, [i])
    else rows.push(i)
  }
  for (const rows of alike.values()) {
    const first = rows[0]!
    const link = profile.links[samples.link[first]!]
    const endpoint = profile.endpoints[samples.endpoint[first]!]
    const uid = samples.uid?.[first]
    const attributes: number[] = []
    if (endpoint !== undefined) attributes.push(dictionary.attribute('microlog.endpoint', endpoint))
    if (uid !== undefined) attributes.push(dictionary.attribute('log.record.uid', uid))
    out.message(2, () => {
      out.varint(1, stackRow(dictionary, profile, samples.stack[first]!, stackRows))
      out.packedVarints(2, attributes)
      if (link !== undefined) out.varint(3, dictionary.link(link.traceId, link.spanId))
      out.packedFixed64(
        5,
        rows.map(row => unixNano(samples.timeUnixUs[row]!))
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
      dictionary.location(name, url, frames.startLine[frame]!, frames.line[frame]!, frames.column[frame]!)
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

/** A double holds microseconds since 1970, but not nanoseconds. */
function unixNano(unixUs: number): bigint {
  return BigInt(Math.round(unixUs)) * 1000n
}
