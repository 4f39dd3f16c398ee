// How long a large segment takes to become tables, beside JSON.parse of its samples as a .cpuprofile; in turns.
import { encodeRecording, openRecording } from '../dist/format/index.js'
import { writeCpuprofile } from '../dist/convert/write-cpuprofile.js'
import { largeRecording } from './data/large-recording.mjs'
import { median } from './data/statistics.mjs'
import { zlibCodec } from './data/zlib-codec.mjs'

const rounds = 15

export async function measure() {
  const recording = await largeRecording({ samples: 1_000_000, spans: 100_000 })
  const bytes = await encodeRecording(recording, { recording: 'benchmark', label: 'benchmark' }, zlibCodec)
  const json = writeCpuprofile(recording)
  const source = { byteLength: bytes.length, slice: (from, to) => bytes.subarray(from, to) }
  const ways = [async () => (await openRecording(source, zlibCodec)).read(), async () => JSON.parse(json)]
  const times = ways.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [i, run] of ways.entries()) {
      const began = performance.now()
      await run()
      times[i].push(performance.now() - began)
    }
  }
  const row = (what, size, ms) =>
    `| ${what} | ${(size / 1e6).toFixed(1)} | ${ms[0].toFixed(0)} | **${median(ms).toFixed(0)}** |`
  return [
    `## Opening ${recording.samples.length} samples and ${recording.spans.length} spans (Node ${process.versions.node})`,
    '',
    `\`npm run benchmark open\`: ms, the first time and the median of ${rounds}.`,
    '',
    '| | MB | the first time | **again** |',
    '|---|---|---|---|',
    row('a segment, to tables', bytes.length, times[0]),
    row('JSON.parse of the samples alone, as a .cpuprofile', json.length, times[1])
  ].join('\n')
}
