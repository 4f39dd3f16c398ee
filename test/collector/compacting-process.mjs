// A built collector in a process of its own that compacts all the time, for tests that kill it.
//   node compacting-process.mjs FOLDER [PORT OTLP-PORT]
import { createCollector } from '../../dist/collector/index.js'

const [store, port = '0', otlpPort = '0'] = process.argv.slice(2)
const collector = await createCollector({
  store,
  port: Number(port),
  otlpPort: Number(otlpPort),
  ui: false,
  sealAfterMs: 60,
  compaction: {
    everyMs: 20,
    keepReplacedMs: 100,
    limits: { sealedSegments: 3, hourQuietMs: 40, dayQuietMs: 10 }
  }
})
process.stdout.write(`Screens  ${collector.uiUrl}\nOTLP     ${collector.otlpUrl}\n`)
process.once('SIGTERM', () => void collector.close())
