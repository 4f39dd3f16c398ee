// A segment's tail, footer and blocks, from docs/format.md alone.
import { inflateRawSync } from 'node:zlib'
import { Bytes, checksum, hex } from './reader-bytes.ts'

export interface Block {
  kind: number
  chunk: number
  count: number
  content: Bytes
}

export interface Trace {
  id: string
  service: string
  name: string
  hasRoot: number
  start: number
  duration: number
  spans: number
  errors: number
  logs: number
  samples: number
}

export interface Segment {
  epoch: bigint
  from: number
  to: number
  meta: [name: string, value: string][]
  counts: number[]
  threads: { id: number; name: string }[]
  traces: Trace[]
  blocks: Block[]
}

const knownVersion = 1
const knownKinds = 17
const magic = 'MICROLOG'

export function readSegment(file: Uint8Array): Segment {
  if (Buffer.from(file.subarray(0, 8)).toString() !== magic)
    throw new Error('No segment: it begins otherwise')
  const tail = new Bytes(file.subarray(-24))
  const stored = tail.u32()
  const inflated = tail.u32()
  const codec = tail.u8()
  const version = tail.u8()
  tail.at = 12
  const sum = tail.u32()
  if (Buffer.from(tail.raw(8)).toString() !== magic) throw new Error('No segment: it ends otherwise')
  const footerAt = file.length - 24 - stored
  if (checksum(file.subarray(footerAt, file.length - 12)) !== sum) throw new Error('The footer is damaged')
  if (version !== knownVersion) throw new Error(`Unknown version ${version}`)
  const footer = new Bytes(inflate(file.subarray(footerAt, footerAt + stored), codec, inflated))
  if (footer.varint() > knownVersion) throw new Error('It needs a newer reader')
  const epoch = footer.i64()
  const from = footer.f64()
  const to = footer.f64()
  const meta = footer.times(footer.varint(), (): [string, string] => [footer.text(), footer.text()])
  const counts = footer.times(footer.varint(), () => footer.varint())
  const threads = footer.times(footer.varint(), () => ({ id: footer.varint(), name: footer.text() }))
  const blocks = readBlocks(file, footer, footerAt)
  return { epoch, from, to, meta, counts, threads, traces: readTraces(footer), blocks }
}

function readBlocks(file: Uint8Array, footer: Bytes, footerAt: number): Block[] {
  let offset = 8
  const blocks = footer.times(footer.varint(), () => {
    const kind = footer.u8()
    const flags = footer.u8()
    const codec = footer.u8()
    const encoding = footer.u8()
    footer.u8() // the group that owns it
    const chunk = footer.varint()
    const count = footer.varint()
    const stored = footer.varint()
    const inflated = footer.varint()
    const sum = footer.u32()
    if (flags & 2) footer.at += 16
    const bytes = file.subarray(offset, offset + stored)
    offset += stored
    if (checksum(bytes) !== sum) throw new Error(`The block at ${offset - stored} is damaged`)
    if (encoding !== 0 || kind === 0 || kind > knownKinds) {
      if (flags & 1) throw new Error(`Unknown required block ${kind}`)
      return undefined
    }
    return { kind, chunk, count, content: new Bytes(inflate(bytes, codec, inflated)) }
  })
  if (offset !== footerAt) throw new Error('The blocks do not end where the footer begins')
  return blocks.filter(block => block !== undefined)
}

function readTraces(footer: Bytes): Trace[] {
  const n = footer.varint()
  const ids = footer.times(n, () => hex(footer.raw(16)))
  const texts = footer.times(footer.varint(), () => footer.text())
  const columns = Array.from({ length: 9 }, () => footer.column(n))
  return ids.map((id, row) => {
    const [service, name, hasRoot, start, duration, spans, errors, logs, samples] = columns.map(
      column => column[row]!
    )
    return {
      id,
      service: texts[service!]!,
      name: texts[name!]!,
      hasRoot: hasRoot!,
      start: start!,
      duration: duration!,
      spans: spans!,
      errors: errors!,
      logs: logs!,
      samples: samples!
    }
  })
}

function inflate(bytes: Uint8Array, codec: number, length: number): Uint8Array {
  const content = codec === 0 ? bytes : codec === 1 ? inflateRawSync(bytes) : undefined
  if (content?.length !== length) throw new Error(`Expected ${length} bytes by codec 0 or 1`)
  return content
}
