// A trace of two busy processes, whose segments hold hours: a page about it fetches its own moment of them.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStore } from '../../src/collector/open-store.ts'
import { encodeRecording } from '../../src/format/index.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { pushLog, pushSample, pushSpan } from '../helpers/push-rows.ts'
import { seededRandom } from '../helpers/recordings.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { openScreen } from './screens.ts'

const services = ['shop', 'stock']
const traces = 12_000
const everyMs = 600
const looked = traces / 2
const traceId = idOf(looked)
/** Of both. */
let storedBytes = 0

const running = collectorAndBrowser(async store => {
  const { catalog } = await openStore(store)
  for (const service of services) {
    const bytes = await encodeHours(service)
    storedBytes += bytes.length
    await catalog.addSegment(service.padEnd(26, '0'), `j-1-2`, bytes)
  }
})

/** One trace after the other: a request to the shop, in which it asks its stock. */
async function encodeHours(service: string): Promise<Uint8Array> {
  const random = seededRandom(service.length)
  const builder = builderFromText('0ms\nmain')
  const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
  for (let number = 0; number < traces; number++) {
    const ms = number * everyMs
    const ids = { traceId: bytesOf(idOf(number)), name: builder.strings.intern(`GET /${service}`) }
    const shopSpan = bytesOf(idOf(number).slice(0, 16))
    const spanId = service === 'shop' ? shopSpan : shopSpan.toReversed()
    const parentSpanId = service === 'shop' ? new Uint8Array(8) : shopSpan
    pushSpan(builder, 'a', ms + (service === 'shop' ? 0 : 20), ms + 100, '', { ...ids, spanId, parentSpanId })
    const link = builder.intern('links', { traceId: ids.traceId, spanId })
    pushLog(builder, ms + 50, `${service} did ${number}`, { uid: `${service}${number}`, cells: { link } })
    for (let at = 0; at < 100; at += 25) {
      const row = pushSample(builder, 0, ms + at, ['main', 'handle', `part${Math.floor(random() * 500)}`])
      builder.table('samples').columns.find(({ name }) => name === 'link')!.array[row] = link
    }
  }
  const meta = { recording: service.padEnd(26, '0'), label: service, resource: { 'service.name': service } }
  return encodeRecording(builder.finish(), meta, nodeCodec, { rollups: true })
}

/** Ids as random as real ones, which nothing compresses. */
function idOf(number: number): string {
  const random = seededRandom(number)
  return Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
}

/** Bytes of segments that the page has got. */
function countSegmentBytes(page: Page): { total(): Promise<number> } {
  const sizes: Promise<number>[] = []
  page.on('requestfinished', request => {
    if (!/\/segments\/[^/]+$/.test(request.url())) return
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
  })
  return { total: async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) }
}

test('a trace fetches a hundredth of the segments that it lies in, and shows all there is to it', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, '/#/')
  const bytes = countSegmentBytes(page)
  await page.goto(`${running.collector.uiUrl}/#/t/${traceId}`)
  const panel = page.getByRole('region', { name: 'Selected span', exact: true })
  await panel.getByText('Who held the event loop').waitFor()
  expect(await panel.innerText()).toMatch(/this span ≈ 12\.0 ms, 12\.0 %/)
  expect(await page.getByText('GET /stock', { exact: true }).count()).toBeGreaterThan(0)
  await page.getByText(`stock did ${looked}`, { exact: true }).waitFor()
  await page.getByText(`shop did ${looked}`, { exact: true }).waitFor()
  expect(await page.getByText(/^(shop|stock) did /).count()).toBe(2)
  expect(await bytes.total()).toBeGreaterThan(0)
  expect(await bytes.total()).toBeLessThan(storedBytes / 100)
})

test('a line of all logs fetches as little when it is opened', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, '/#/')
  const bytes = countSegmentBytes(page)
  await page.goto(`${running.collector.uiUrl}/#/logs?q=shop+did+${looked}`)
  await page.getByText(`shop did ${looked}`, { exact: true }).click()
  await page.getByRole('link', { name: 'Show its trace' }).waitFor()
  expect(await bytes.total()).toBeGreaterThan(0)
  expect(await bytes.total()).toBeLessThan(storedBytes / 100)
})
