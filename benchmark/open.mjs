// How long a large segment takes to become tables, in Node and in Chromium, beside JSON.parse of its samples as a
// .cpuprofile; in turns.
import { encodeRecording, openRecording } from '../dist/format/index.js'
import { writeCpuprofile } from '../dist/convert/write-cpuprofile.js'
import { largeRecording } from './data/large-recording.mjs'
import { inChromium } from './data/in-chromium.mjs'
import { median, roundsInTurns, timesInTurns } from './data/statistics.mjs'
import { nodeCodec } from '../dist/collector/store/node-codec.js'

export async function measure() {
  const recording = await largeRecording({ samples: 1_000_000, spans: 100_000 })
  const bytes = await encodeRecording(recording, { recording: 'benchmark', label: 'benchmark' }, nodeCodec)
  const json = writeCpuprofile(recording)
  const source = { byteLength: bytes.length, slice: (from, to) => bytes.subarray(from, to) }
  const node = await timesInTurns([
    async () => (await openRecording(source, nodeCodec)).read(),
    async () => JSON.parse(json)
  ])
  const chromium = await inChromium(timesInPage, { segment: Buffer.from(bytes), json })
  const row = (what, size, ms) =>
    `| ${what} | ${(size / 1e6).toFixed(1)} | ${ms[0].toFixed(0)} | **${median(ms).toFixed(0)}** |`
  return [
    `## Opening ${recording.samples.length} samples and ${recording.spans.length} spans (Node ${process.versions.node})`,
    '',
    `\`npm run benchmark open\`: ms, the first time and the median of ${roundsInTurns}.`,
    '',
    '| | MB | the first time | **again** |',
    '|---|---|---|---|',
    row('a segment, to tables', bytes.length, node[0]),
    row('JSON.parse of the samples alone, as a .cpuprofile', json.length, node[1]),
    row(`a segment, to tables, in Chromium ${chromium.version}`, bytes.length, chromium.answer[0]),
    row('JSON.parse there', json.length, chromium.answer[1])
  ].join('\n')
}

/** Runs in the page, which knows nothing of this file. */
async function timesInPage(origin) {
  const { openRecording, webCodec } = await import(`${origin}dist/format/index.js`)
  const { timesInTurns } = await import(`${origin}benchmark/data/statistics.mjs`)
  const bytes = new Uint8Array(await (await fetch('segment')).arrayBuffer())
  const json = await (await fetch('json')).text()
  const source = { byteLength: bytes.length, slice: async (from, to) => bytes.subarray(from, to) }
  return timesInTurns([
    async () => (await openRecording(source, webCodec)).read(),
    async () => JSON.parse(json)
  ])
}
