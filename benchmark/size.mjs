// How many bytes a span, a log and a sample take in a .microlog segment, beside the same data compressed as it came.
// Everything needed to read it is in: dictionaries, footer, ids, times to the ns.
//   --spans 100000   how many the shop is recorded for, some minutes long; 0: not at all
//   --blocks         tells of each block
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import zlib, { gunzipSync, gzipSync } from 'node:zlib'
import { encodeRecording, openRecording } from '../dist/format/index.js'
import { cpuprofileRecording } from './data/cpuprofile-recording.mjs'
import { withLinkedLogs } from './data/linked-logs.mjs'
import { otlpRecording, otlpRequests } from './data/otlp-recording.mjs'
import { shopSpans } from './data/shop-spans.mjs'
import { nodeCodec, quickCodec } from '../dist/collector/store/node-codec.js'

const fixtures = new URL('../test/fixtures/', import.meta.url)

export async function measure(args) {
  const { values } = parseArgs({
    args,
    options: { spans: { type: 'string', default: '100000' }, blocks: { type: 'boolean', default: false } }
  })
  const explain = values.blocks
  const few = otlpRequests(await readFile(new URL('otlp/shop/spans-5k.lp.bin', fixtures)))
  const many = Number(values.spans) > 0 ? await shopSpans(Number(values.spans)) : []
  return table([
    await spansRow('span (shop, 5k), as sealed', few, explain, quickCodec),
    ...(many.length > 0 ? [await spansRow('span (shop, compacted)', many, explain, nodeCodec)] : []),
    ...(await logsRows(explain)),
    ...(await sampleRows(explain))
  ])
}

async function spansRow(what, requests, explain, codec) {
  const recording = otlpRecording([['traces', requests]])
  const bytes = await segmentBytes(recording, explain, codec)
  return { what, items: recording.spans.length, bytes, ...peersOf(requests) }
}

async function logsRows(explain) {
  const spans = otlpRequests(await readFile(new URL('otlp/shop/spans-5k.lp.bin', fixtures)))
  const logs = otlpRequests(await readFile(new URL('otlp/shop/logs-5k.lp.bin', fixtures)))
  const alone = otlpRecording([['logs', logs]])
  const both = otlpRecording([
    ['traces', spans],
    ['logs', logs]
  ])
  const linked = withLinkedLogs(both)
  const spanBytes = await segmentBytes(otlpRecording([['traces', spans]]))
  const beside = (await segmentBytes(linked, explain)) - spanBytes
  const items = alone.logs.length
  const peers = peersOf(logs)
  const share = linked.logs.length / items
  return [
    { what: 'log (shop, 5k), alone', items, bytes: await segmentBytes(alone), ...peers },
    {
      what: 'log (shop), beside the span it names',
      items: linked.logs.length,
      bytes: beside,
      plain: peers.plain * share,
      gzip: peers.gzip * share,
      zstd: peers.zstd && peers.zstd * share
    }
  ]
}

async function sampleRows(explain) {
  const rows = []
  for (const name of ['http-10ms', 'http-1ms', 'tsc-10ms']) {
    const zipped = name === 'tsc-10ms'
    const file = await readFile(new URL(`cpuprofiles/${name}.cpuprofile${zipped ? '.gz' : ''}`, fixtures))
    const json = zipped ? gunzipSync(file) : file
    for (const quantumUs of [1, 100]) {
      const recording = cpuprofileRecording(json, quantumUs)
      rows.push({
        what: `sample (${name}, ${quantumUs} µs)`,
        items: recording.samples.length,
        bytes: await segmentBytes(recording, explain && quantumUs === 1),
        plain: json.length,
        gzip: gzipSync(json).length,
        zstd: zstd(json)
      })
    }
  }
  return rows
}

async function segmentBytes(recording, explain = false, codec = nodeCodec) {
  const bytes = await encodeRecording(recording, { recording: 'benchmark', label: 'benchmark' }, codec)
  if (explain) await printBlocks(bytes)
  return bytes.length
}

async function printBlocks(bytes) {
  const source = { byteLength: bytes.length, slice: (from, to) => bytes.subarray(from, to) }
  const { footer } = await openRecording(source, nodeCodec)
  const blocks = footer.blocks.map(({ kind, owner, count, length, size }) => ({
    kind,
    group: owner.group,
    chunk: owner.chunk,
    count,
    length,
    size
  }))
  console.table(blocks)
  const blockBytes = blocks.reduce((sum, { length }) => sum + length, 0)
  console.log(`footer and tail: ${bytes.length - blockBytes}, traces: ${footer.traces.length}`)
}

/** The same requests as they came, each compressed by itself. */
function peersOf(requests) {
  return {
    plain: sum(requests, request => request.length),
    gzip: sum(requests, request => gzipSync(request).length),
    zstd: zstd(requests[0]) === undefined ? undefined : sum(requests, zstd)
  }
}

/** Undefined before Node 22.15. */
function zstd(bytes) {
  return zlib.zstdCompressSync?.(bytes).length
}

function sum(items, sizeOf) {
  return items.reduce((total, item) => total + sizeOf(item), 0)
}

function table(rows) {
  const each = (bytes, items) => (bytes === undefined ? '–' : (bytes / items).toFixed(2))
  return [
    `## Bytes per item (Node ${process.versions.node})`,
    '',
    '`npm run benchmark size`: a segment with all it needs, as compacted unless it says otherwise, beside the same data as OTLP protobuf (per request) or .cpuprofile.',
    '',
    '| item | count | plain | gzip | zstd | **.microlog** |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      ({ what, items, bytes, plain, gzip, zstd }) =>
        `| ${what} | ${items} | ${each(plain, items)} | ${each(gzip, items)} | ${each(zstd, items)} | **${each(bytes, items)}** |`
    )
  ].join('\n')
}
