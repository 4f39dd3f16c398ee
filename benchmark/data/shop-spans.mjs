import { spawn } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { driveLoad } from '../../examples/shop/load/drive-load.js'
import { encodeOtlpJson } from '../../dist/otlp/encode-otlp-json.js'
import { otlpLimits, otlpRecording } from './otlp-recording.mjs'

const shopFolder = fileURLToPath(new URL('../../examples/shop/', import.meta.url))
/** Enough to keep it busy. */
const visitors = 8

/**
 * What the shop of the examples sends of its spans, by the stock SDK and exporter, as protobuf: the requests of its
 * storefront until they have so many spans. Nothing of Microlog is in them.
 */
export async function shopSpans(count) {
  const requests = []
  let spans = 0
  const enough = new AbortController()
  const receiver = createServer(async (incoming, response) => {
    const chunks = []
    for await (const chunk of incoming) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const json = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    if (incoming.url === '/v1/traces' && !enough.signal.aborted) {
      const request = Buffer.from(encodeOtlpJson('traces', json, otlpLimits))
      requests.push(request)
      spans += otlpRecording([['traces', [request]]]).spans.length
      if (spans >= count) enough.abort()
    }
    response.setHeader('content-type', 'application/json').end('{}')
  })
  const otlpUrl = await listening(receiver)
  const nowhere = createServer((_incoming, response) => response.end())
  const nowhereUrl = await listening(nowhere)
  const services = []
  try {
    const stock = await startService('stock.js', 'stock', [], nowhereUrl, services)
    const shop = await startService('shop.js', 'shop', ['--stock', stock], otlpUrl, services)
    setMaxListeners(0, enough.signal)
    await driveLoad({ shopUrl: shop, visitors, pauseMs: 0, seed: 1, signal: enough.signal, onAnswer() {} })
  } finally {
    await Promise.all(services.map(end))
    for (const server of [receiver, nowhere]) {
      server.close()
      server.closeAllConnections()
    }
  }
  return requests
}

function listening(server) {
  return new Promise(resolve =>
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`))
  )
}

async function startService(script, name, args, otlpUrl, services) {
  const port = await freePort()
  const service = spawn(
    process.execPath,
    ['--import', './telemetry.js', script, '--port', String(port), ...args],
    {
      cwd: shopFolder,
      stdio: 'ignore',
      env: {
        ...process.env,
        OTEL_SERVICE_NAME: name,
        OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
        MICROLOG_DISABLE: 'true'
      }
    }
  )
  services.push(service)
  const url = `http://127.0.0.1:${port}`
  while (
    !(await fetch(url).then(
      () => true,
      () => false
    ))
  ) {
    if (service.exitCode !== null) throw new Error(`expected ${script} to answer, it ended`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return url
}

async function freePort() {
  const server = createServer()
  const url = await listening(server)
  await new Promise(resolve => server.close(resolve))
  return new URL(url).port
}

function end(service) {
  const ended = new Promise(resolve => service.once('exit', resolve))
  return service.kill() ? ended : undefined
}
