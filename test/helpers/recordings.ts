// Recordings made of seeded random, and a way to compare two by what they mean: not by the order of rows, nor of
// dictionaries.
import { RecordingBuilder, tableNames } from '../../src/recording/recording-builder.ts'
import { attributeType, schema } from '../../src/recording/schema.ts'
import type { AttributeType, ColumnKind, Recording, TableName } from '../../src/recording/schema.ts'

/** Every table's rows as text, with all references resolved, sorted. Equal meanings give equal objects. */
export function meaningOf(recording: Recording): Record<string, readonly string[]> {
  const meaning: Record<string, string[]> = { epoch: [String(recording.epoch)] }
  for (const name of tableNames) {
    // Events and span links are told with their spans, in their order there.
    const rows = Array.from({ length: recording[name].length }, (_, row) => rowMeaning(recording, name, row))
    meaning[name] = rows.sort()
  }
  return meaning
}

function rowMeaning(recording: Recording, name: TableName, row: number): string {
  const parts = Object.entries(schema[name] as Record<string, ColumnKind>)
    .filter(([column]) => column !== 'eventStart' && column !== 'linkStart')
    .map(([column, kind]) => `${column}=${cellMeaning(recording, name, column, kind, row)}`)
  if (name === 'spans') {
    const { eventStart, eventCount, linkStart, linkCount } = recording.spans
    parts.push(ownedMeaning(recording, 'events', eventStart[row]!, eventCount[row]!))
    parts.push(ownedMeaning(recording, 'spanLinks', linkStart[row]!, linkCount[row]!))
  }
  return parts.join(' ')
}

function ownedMeaning(recording: Recording, name: TableName, start: number, count: number): string {
  return `[${Array.from({ length: count }, (_, i) => rowMeaning(recording, name, start + i)).join(', ')}]`
}

function cellMeaning(
  recording: Recording,
  name: TableName,
  column: string,
  kind: ColumnKind,
  row: number
): string {
  const array = (recording[name] as unknown as Record<string, Float64Array | Uint8Array>)[column]!
  if (kind === 'id16') return hex(array.subarray(row * 16, row * 16 + 16) as Uint8Array)
  if (kind === 'id8') return hex(array.subarray(row * 8, row * 8 + 8) as Uint8Array)
  const cell = array[row]!
  switch (kind) {
    case 'time':
    case 'f64':
    case 'u32':
    case 'u8':
      return Object.is(cell, -0) ? '-0' : String(cell)
    case 'string':
      return JSON.stringify(recording.strings[cell])
    case 'blob':
      return cell < 0 ? 'none' : `${hex(recording.blobs[cell]!)}h`
    case 'set':
      return setMeaning(recording, cell)
    default:
      return cell < 0 ? 'none' : `(${rowMeaning(recording, kind, cell)})`
  }
}

function setMeaning({ sets, strings, blobs }: Recording, set: number): string {
  const entries: string[] = []
  for (let i = sets.start[set]!; i < sets.start[set + 1]!; i++) {
    const type = sets.type[i]!
    const value = sets.value[i]!
    const text =
      type === attributeType.string || type === attributeType.bigint
        ? JSON.stringify(strings[value])
        : type === attributeType.bytes || type === attributeType.nested
          ? hex(blobs[value]!)
          : Object.is(value, -0)
            ? '-0'
            : String(value)
    entries.push(`${strings[sets.key[i]!]}:${type}=${text}`)
  }
  return `{${entries.join(', ')}}`
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Rows in every table, with all the oddities a column may hold. `size` is about the spans in it. */
export function randomRecording(seed: number, size = 40): Recording {
  const random = seededRandom(seed)
  const builder = new RecordingBuilder(1_700_000_000_000_000_000n + BigInt(seed))
  const many = (share: number): number => Math.floor(random() * size * share)
  const below = (count: number): number => Math.floor(random() * count)
  const maybe = (name: TableName): number => below(builder.table(name).length + 1) - 1
  const text = (): number => builder.strings.intern(pick(random, words) + (random() < 0.3 ? below(5) : ''))
  const time = (): number =>
    random() < 0.05 ? NaN : random() < 0.5 ? below(5000) * 1000 : Math.floor(random() * 2 ** 45)
  const id = (width: number): Uint8Array =>
    Uint8Array.from({ length: width }, () => (random() < 0.5 ? 1 : below(256)))
  const blob = (): number =>
    random() < 0.5 ? -1 : builder.addBlob(Uint8Array.from({ length: below(20) }, () => below(256)))
  const set = (): number => randomSet(builder, random)
  const dropped = (): number => (random() < 0.1 ? below(2 ** 32) : 0)
  const traces = Array.from({ length: 1 + below(size / 4) }, () => id(16))
  const zero = (width: number): Uint8Array => new Uint8Array(width)
  const spanIds: Uint8Array[] = [zero(8)]

  const resource = (): number =>
    builder.intern('resources', { attributes: set(), droppedAttributes: dropped(), schemaUrl: text() })
  for (let i = 0; i < 3; i++) {
    resource()
    builder.intern('scopes', {
      name: text(),
      version: text(),
      attributes: set(),
      droppedAttributes: dropped(),
      schemaUrl: text()
    })
    builder.intern('threads', { id: below(3), name: text(), resource: maybe('resources') })
  }
  for (let i = 0; i < size; i++) {
    builder.intern('frames', {
      name: text(),
      url: text(),
      line: below(1000),
      column: below(80),
      packageId: text()
    })
    builder.intern('stacks', { frame: maybe('frames'), parent: maybe('stacks') })
  }
  for (let i = 0; i < size; i++) {
    const eventCount = random() < 0.3 ? below(4) : 0
    const linkCount = random() < 0.1 ? below(3) : 0
    const eventStart = eventCount > 0 ? builder.table('events').length : -1
    for (let j = 0; j < eventCount; j++) {
      builder.push('events', { time: time(), name: text(), attributes: set(), droppedAttributes: dropped() })
    }
    const linkStart = linkCount > 0 ? builder.table('spanLinks').length : -1
    for (let j = 0; j < linkCount; j++) {
      const link = builder.intern('links', { traceId: pick(random, traces), spanId: pick(random, spanIds) })
      builder.push('spanLinks', {
        link,
        traceState: text(),
        flags: below(300),
        attributes: set(),
        droppedAttributes: dropped()
      })
    }
    const start = time()
    const spanId = random() < 0.03 ? pick(random, spanIds) : id(8)
    builder.push('spans', {
      traceId: random() < 0.05 ? zero(16) : pick(random, traces),
      spanId,
      parentSpanId: random() < 0.2 ? id(8) : pick(random, spanIds),
      traceState: text(),
      flags: below(300),
      name: text(),
      kind: below(6),
      start,
      end: random() < 0.1 ? time() : start + below(1e9),
      statusCode: below(3),
      statusMessage: text(),
      attributes: set(),
      droppedAttributes: dropped(),
      eventStart,
      eventCount,
      droppedEvents: dropped(),
      linkStart,
      linkCount,
      droppedLinks: dropped(),
      resource: maybe('resources'),
      scope: maybe('scopes')
    })
    spanIds.push(spanId)
  }
  const link = (): number =>
    random() < 0.4
      ? 0
      : builder.intern('links', {
          traceId: pick(random, traces),
          spanId: random() < 0.2 ? id(8) : pick(random, spanIds)
        })
  for (let i = many(1); i >= 0; i--) {
    builder.push('logs', {
      time: time(),
      observedTime: time(),
      severity: below(25),
      severityText: text(),
      eventName: text(),
      body: set(),
      link: link(),
      flags: below(2),
      attributes: set(),
      droppedAttributes: dropped(),
      resource: maybe('resources'),
      scope: maybe('scopes')
    })
  }
  for (let i = 0; i < 3; i++) {
    builder.push('profiles', {
      resource: maybe('resources'),
      scope: maybe('scopes'),
      thread: maybe('threads'),
      time: time(),
      duration: random() < 0.5 ? 1e10 : random() * 1e10,
      sampleType: builder.strings.intern(pick(random, ['wall', 'log', 'span', 'heap'])),
      sampleUnit: text(),
      periodType: text(),
      periodUnit: text(),
      period: 1e7,
      profileId: blob(),
      attributes: set(),
      droppedAttributes: dropped(),
      original: blob()
    })
  }
  for (let i = many(4); i >= 0; i--) {
    builder.push('samples', {
      time: time(),
      stack: maybe('stacks'),
      link: link(),
      profile: maybe('profiles'),
      value: random() < 0.8 ? 1 : random(),
      attributes: random() < 0.8 ? 0 : set()
    })
  }
  for (let i = 0; i < 4; i++) {
    builder.intern('series', {
      name: text(),
      description: text(),
      unit: text(),
      kind: below(2),
      temporality: below(3),
      monotonic: below(2),
      attributes: set(),
      valueType: below(2),
      resource: maybe('resources'),
      scope: maybe('scopes')
    })
  }
  for (let i = many(2); i >= 0; i--) {
    const value = pick(random, [1, -0, 0.1, 12.345, NaN, Infinity, -5, 2 ** 60, random()])
    builder.push('points', {
      series: maybe('series'),
      time: time(),
      startTime: time(),
      value,
      flags: below(2)
    })
  }
  for (let i = 0; i < 2; i++) {
    builder.push('opaque', { signal: below(4), request: blob(), from: time(), to: time() })
  }
  return builder.snapshot()
}

const words = [
  '',
  'GET /basket/:id',
  'naïve',
  '🦉',
  'main',
  'handler',
  'SELECT 1',
  'k3f-1',
  'k3f-2',
  'k3f-3',
  '日本'
]

function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!
}

function randomSet(builder: RecordingBuilder, random: () => number): number {
  for (let i = Math.floor(random() * 5); i > 0; i--) {
    const type = Math.floor(random() * 8) as AttributeType
    builder.sets.add(builder.strings.intern(pick(random, words)), type, randomValue(builder, random, type))
  }
  return builder.sets.close()
}

function randomValue(builder: RecordingBuilder, random: () => number, type: AttributeType): number {
  switch (type) {
    case attributeType.empty:
      return 0
    case attributeType.bool:
      return Number(random() < 0.5)
    case attributeType.int:
      return Math.floor((random() - 0.5) * pick(random, [10, 1e6, Number.MAX_SAFE_INTEGER]))
    case attributeType.double:
      return pick(random, [0.5, -0, NaN, -Infinity, 3.25, random(), 1e300])
    case attributeType.string:
      return builder.strings.intern(pick(random, words) + (random() < 0.3 ? Math.floor(random() * 1e6) : ''))
    case attributeType.bigint:
      return builder.strings.intern(`9223372036854775${Math.floor(random() * 800)}`)
    case attributeType.bytes:
    case attributeType.nested:
      return builder.addBlob(
        Uint8Array.from({ length: Math.floor(random() * 9) }, () => Math.floor(random() * 256))
      )
  }
}
