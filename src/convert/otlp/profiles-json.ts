// Profiles as OTLP/JSON (opentelemetry/proto/profiles/v1development, proto 1.11), but those kept as they came.
import { hex } from '../../otlp/decode-message.ts'
import type { Json, JsonObject } from '../../otlp/decode-message.ts'
import { callLinesKey } from '../../otlp/sink.ts'
import { compact } from './attributes-json.ts'
import type { RecordingJson } from './attributes-json.ts'
import { ProfileDictionaryJson } from './profile-dictionary-json.ts'
import { itemsPerLine, rowGroups } from './row-groups.ts'

/** A request for each resource and scope; more than one where samples are many. A profile is never split. */
export function* profileRequests(json: RecordingJson): Generator<JsonObject> {
  const { profiles } = json.recording
  const samplesOf = samplesByProfile(json)
  for (const { resource, scope, rows } of rowGroups(profiles.resource, profiles.scope)) {
    const left = rows.filter(row => profiles.original[row]! < 0)
    while (left.length > 0) {
      const dictionary = new ProfileDictionaryJson(json)
      const items: Json[] = []
      for (let samples = 0; left.length > 0 && samples < itemsPerLine;) {
        const row = left.shift()!
        const rowsOfProfile = samplesOf[row]!
        samples += rowsOfProfile.length
        items.push(profileJson(json, dictionary, row, rowsOfProfile))
      }
      const scopeProfiles = [{ ...json.scope(scope), profiles: items }]
      yield {
        resourceProfiles: [{ ...json.resource(resource), scopeProfiles }],
        dictionary: dictionary.finish()
      }
    }
  }
}

function samplesByProfile({ recording }: RecordingJson): number[][] {
  const { samples, profiles } = recording
  const rows: number[][] = Array.from({ length: profiles.length }, () => [])
  for (let row = 0; row < samples.length; row++) rows[samples.profile[row]!]?.push(row)
  return rows
}

function profileJson(
  json: RecordingJson,
  dictionary: ProfileDictionaryJson,
  row: number,
  samples: readonly number[]
): JsonObject {
  const { profiles, blobs } = json.recording
  const valueType = (type: number, unit: number) => {
    const found = compact({
      typeStrindex: dictionary.string(json.text(type)),
      unitStrindex: dictionary.string(json.text(unit))
    })
    return Object.keys(found).length > 0 ? found : undefined
  }
  const { indices, linesAreCalls } = profileAttributes(json, dictionary, profiles.attributes[row]!)
  const profileId = profiles.profileId[row]!
  const duration = profiles.duration[row]!
  const period = profiles.period[row]!
  return compact({
    sampleType: valueType(profiles.sampleType[row]!, profiles.sampleUnit[row]!),
    samples: samplesJson(json, dictionary, samples, linesAreCalls),
    timeUnixNano: json.time(profiles.time[row]!),
    durationNano: duration === 0 ? undefined : String(duration),
    periodType: valueType(profiles.periodType[row]!, profiles.periodUnit[row]!),
    period: period === 0 ? undefined : String(period),
    profileId: profileId < 0 ? undefined : hex(blobs[profileId]!),
    droppedAttributesCount: profiles.droppedAttributes[row]!,
    attributeIndices: indices
  })
}

/** The note about lines is ours and stays here. */
function profileAttributes(
  json: RecordingJson,
  dictionary: ProfileDictionaryJson,
  set: number
): { indices: number[] | undefined; linesAreCalls: boolean } {
  const { start, key } = json.recording.sets
  const indices: number[] = []
  let linesAreCalls = false
  for (let entry = start[set]!; entry < start[set + 1]!; entry++) {
    const name = json.text(key[entry]!)
    if (name === callLinesKey) linesAreCalls = true
    else indices.push(dictionary.attribute(name, json.value(entry)))
  }
  return { indices: indices.length > 0 ? indices : undefined, linesAreCalls }
}

/** One Sample for each stack, link and attributes, with all its times; those without a time stay by themselves. */
function samplesJson(
  json: RecordingJson,
  dictionary: ProfileDictionaryJson,
  rows: readonly number[],
  linesAreCalls: boolean
): Json[] | undefined {
  const { samples } = json.recording
  const alike = new Map<string, number[]>()
  for (const row of rows) {
    const own = Number.isNaN(samples.time[row]!) ? ` ${row}` : ''
    const key = `${samples.stack[row]},${samples.link[row]},${samples.attributes[row]}${own}`
    const group = alike.get(key)
    if (group) group.push(row)
    else alike.set(key, [row])
  }
  if (alike.size === 0) return undefined
  return [...alike.values()].map(group => {
    const row = group[0]!
    const hasTimes = !Number.isNaN(samples.time[row]!)
    const needsValues = !hasTimes || group.some(other => samples.value[other] !== 1)
    const { indices } = profileAttributes(json, dictionary, samples.attributes[row]!)
    return compact({
      stackIndex: dictionary.stack(samples.stack[row]!, linesAreCalls),
      attributeIndices: indices,
      linkIndex: dictionary.link(samples.link[row]!),
      values: needsValues ? group.map(other => String(samples.value[other]!)) : undefined,
      timestampsUnixNano: hasTimes ? group.map(other => json.time(samples.time[other]!)!) : undefined
    })
  })
}
