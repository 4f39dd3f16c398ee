// npm run demo: builds what is missing, starts the collector and the example shop, drives load to it, says what it is
// doing, and ends all of it on Ctrl-C (exit code 0: that is how a demo ends) or after --seconds.
import { driveLoad } from '../examples/shop/load/drive-load.js'
import { buildIfNeeded } from './demo/build-if-needed.mjs'
import { DemoError } from './demo/demo-error.mjs'
import { helpText, readOptions } from './demo/options.mjs'
import { requireFreePorts } from './demo/ports.mjs'
import { createProcesses } from './demo/processes.mjs'
import { describeRecordings, findSlowTrace, listRecordings } from './demo/recordings.mjs'
import { createScreen } from './demo/screen.mjs'

const VISITORS = 4
const SEED = 1
/** Coupon refusals take about 200 ms: the trace to look at first. */
const SLOW_TRACE_MS = 150

const screen = createScreen(process.stdout)
const processes = createProcesses()
const stop = new AbortController()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (stop.signal.aborted) endAtOnce()
    stop.abort()
  })
}

/** Somebody is in a hurry: a second Ctrl-C. */
function endAtOnce() {
  processes.killAll()
  process.exit(130)
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(helpText)
  else await runDemo(options)
} catch (error) {
  await processes.stopAll()
  if (!stop.signal.aborted) {
    screen.fail(error instanceof DemoError ? error.message : error.stack)
    process.exitCode = 1
  }
} finally {
  processes.removeLogs()
}

async function runDemo(options) {
  await requireFreePorts([
    { port: options.port, what: 'the UI', flag: '--port' },
    { port: options.otlpPort, what: 'OTLP', flag: '--otlp-port' },
    { port: options.shopPort, what: 'the shop', flag: '--shop-port' },
    { port: options.stockPort, what: 'its stock service', flag: '--stock-port' }
  ])
  screen.title('Microlog demo: a shop under load, recorded')
  screen.step('Build', options.build ? await buildIfNeeded(screen, stop.signal) : 'left as it is')
  if (stop.signal.aborted) return

  const uiUrl = `http://127.0.0.1:${options.port}`
  const health = await startCollector(options, uiUrl)
  screen.step('Collector', `takes OTLP on ${health.otlp}, keeps recordings in ${health.store}`)

  const shopUrl = await startShop(options, uiUrl, health.otlp)
  screen.step('Shop', `two services, ${shopUrl} and its stock on port ${options.stockPort}`)

  screen.step('Load', `${VISITORS} visitors; one checkout in five has a coupon that takes long to refuse`)
  screen.link(uiUrl, options.seconds ? `for ${options.seconds} seconds` : 'Ctrl-C ends it')
  await visitShop(options, shopUrl, uiUrl)
  await endDemo(options, uiUrl, health.store)
}

async function startCollector({ port, otlpPort, store }, uiUrl) {
  const storeOption = store ? ['--store', store] : []
  const collector = processes.start('collector', [
    ...['dist/cli/main.js', 'serve', '--port', String(port), '--otlp-port', String(otlpPort)],
    ...storeOption
  ])
  const health = await collector.answering(`${uiUrl}/healthz`, stop.signal)
  return health.json()
}

/** Both services with the example's own set-up file; where to send is all they are told. */
async function startShop({ shopPort, stockPort }, uiUrl, otlpUrl) {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    OTEL_BSP_SCHEDULE_DELAY: '1000',
    MICROLOG_SERVER: uiUrl
  }
  const setUp = ['--import', './examples/shop/telemetry.js']
  const stockUrl = `http://127.0.0.1:${stockPort}`
  const shopUrl = `http://127.0.0.1:${shopPort}`
  const stock = processes.start('stock', [...setUp, 'examples/shop/stock.js', '--port', String(stockPort)], {
    ...env,
    OTEL_SERVICE_NAME: 'stock'
  })
  await stock.answering(`${stockUrl}/healthz`, stop.signal)
  const shopArguments = ['--port', String(shopPort), '--stock', stockUrl]
  const shop = processes.start('shop', [...setUp, 'examples/shop/shop.js', ...shopArguments], {
    ...env,
    OTEL_SERVICE_NAME: 'shop'
  })
  await shop.answering(`${shopUrl}/healthz`, stop.signal)
  return shopUrl
}

async function visitShop({ seconds }, shopUrl, uiUrl) {
  const startedAt = Date.now()
  const counts = { requests: 0, refused: 0, failed: 0, unanswered: 0 }
  const ended = new AbortController()
  stop.signal.addEventListener('abort', () => ended.abort(), { once: true })
  const timer = seconds ? setTimeout(() => ended.abort(), seconds * 1000) : undefined
  const trouble = processes.anyEnded(ended.signal).catch(error => {
    ended.abort()
    return error
  })

  let slowTraceShown = false
  const report = setInterval(async () => {
    const recordings = await listRecordings(uiUrl, startedAt)
    if (!ended.signal.aborted) screen.progress(Date.now() - startedAt, counts, recordings)
    if (slowTraceShown) return
    const traceId = await findSlowTrace(uiUrl, startedAt, SLOW_TRACE_MS)
    if (!traceId || slowTraceShown || ended.signal.aborted) return
    slowTraceShown = true
    screen.note(`A slow checkout: ${uiUrl}/#/t/${traceId}`)
  }, screen.progressIntervalMs)

  await driveLoad({
    shopUrl,
    visitors: VISITORS,
    seed: SEED,
    signal: ended.signal,
    onAnswer: ({ status }) => countAnswer(counts, status)
  })
  clearInterval(report)
  clearTimeout(timer)
  const error = await trouble
  if (error) throw error
  screen.progress(Date.now() - startedAt, counts, await listRecordings(uiUrl, startedAt))
}

function countAnswer(counts, status) {
  counts.requests++
  if (status === 0) counts.unanswered++
  else if (status >= 500) counts.failed++
  else if (status >= 400) counts.refused++
}

/** The services first, so that their last spans and samples still find the collector. */
async function endDemo(options, uiUrl, store) {
  screen.step('End', 'closing the shop, so that it sends what it still holds')
  await processes.stop('shop')
  await processes.stop('stock')
  const recordings = await listRecordings(uiUrl, Date.now())
  await processes.stop('collector')
  screen.paragraph(describeRecordings(recordings, store, !options.store && !process.env.MICROLOG_STORE))
}
