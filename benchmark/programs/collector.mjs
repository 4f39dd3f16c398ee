// A collector in a process of its own. Arguments: the folder of its store, ms until it seals. Tells where it takes OTLP;
// asked to end, it seals what is open and tells what it took since it was asked to begin, or started: CPU time of all its
// threads; and the most memory.
import { createCollector } from '../../dist/collector/index.js'

const [store, sealAfterMs] = process.argv.slice(2)
const collector = await createCollector({
  store,
  port: 0,
  otlpPort: 0,
  ui: false,
  sealAfterMs: Number(sealAfterMs)
})
let before = process.cpuUsage()
process.on('message', async asked => {
  if (asked === 'begin') {
    before = process.cpuUsage()
    process.send('begun')
    return
  }
  await collector.close()
  const { user, system } = process.cpuUsage(before)
  process.send({ seconds: (user + system) / 1e6, mebibytes: process.resourceUsage().maxRSS / 1024 }, () =>
    process.disconnect()
  )
})
process.send({ url: collector.otlpUrl })
