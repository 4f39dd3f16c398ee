// A collector in a process of its own, which deletes nothing. Arguments: the folder of its store, ms until it seals. Tells
// where it takes OTLP and questions; asked to end, it seals what is open and tells what it took since it was asked to begin, or
// started: CPU time of all its threads; and the most memory. Between `watch` and `watched` it looks how long its event loop
// doesn't turn.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createCollector } from '../../dist/collector/index.js'

const [store, sealAfterMs] = process.argv.slice(2)
const collector = await createCollector({
  store,
  port: 0,
  otlpPort: 0,
  ui: false,
  retentionMs: 0,
  maxBytes: 0,
  sealAfterMs: Number(sealAfterMs)
})
const delay = monitorEventLoopDelay({ resolution: 1 })
let before = process.cpuUsage()
const answers = {
  begin() {
    before = process.cpuUsage()
    process.send('begun')
  },
  watch() {
    delay.reset()
    delay.enable()
    process.send('watching')
  },
  watched() {
    delay.disable()
    process.send({ longestMs: delay.max / 1e6 })
  },
  async end() {
    await collector.close()
    const { user, system } = process.cpuUsage(before)
    process.send({ seconds: (user + system) / 1e6, mebibytes: process.resourceUsage().maxRSS / 1024 }, () =>
      process.disconnect()
    )
  }
}
process.on('message', asked => answers[asked]())
process.send({ url: collector.otlpUrl, uiUrl: collector.uiUrl })
