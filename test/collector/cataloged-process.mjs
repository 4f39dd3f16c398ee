// A built collector in a process of its own, over a bucket with a catalog, that seals, compacts and adopts all the time.
//   node cataloged-process.mjs STORE [PORT OTLP-PORT], with MICROLOG_CATALOG
import { createCollector } from '../../dist/collector/index.js'

const [store, port = '0', otlpPort = '0'] = process.argv.slice(2)
const collector = await createCollector({
  store,
  port: Number(port),
  otlpPort: Number(otlpPort),
  ui: false,
  sealAfterMs: 300,
  adoptAfterMs: 1500,
  compaction: {
    everyMs: 50,
    keepReplacedMs: 100,
    limits: { sealedSegments: 3, hourQuietMs: 40, dayQuietMs: 10 }
  }
})
process.stdout.write(`Screens  ${collector.uiUrl}\nOTLP     ${collector.otlpUrl}\n`)
process.once('SIGTERM', () => void collector.close())
