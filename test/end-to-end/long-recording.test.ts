// A recording of days, of which a page opens only a part: the newest, or what an address asks for.
import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStore } from '../../src/collector/open-store.ts'
import type { Catalog } from '../../src/collector/store/catalog.ts'
import { encodeRecording } from '../../src/format/index.ts'
import { encodeRun } from '../helpers/encode-run.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { pushLog } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { openScreen } from './screens.ts'

const id = 'long'.padEnd(26, '0')
const short = 'short'.padEnd(26, '0')
const parts = 8
const partHours = 6

let catalog: Catalog
const running = collectorAndBrowser(async store => {
  catalog = (await openStore(store)).catalog
  const startMs = Date.now() - parts * partHours * 3_600_000
  for (let part = 0; part < parts; part++) {
    const epoch = BigInt(startMs + part * partHours * 3_600_000) * 1_000_000n
    const builder = builderFromText('0ms  1000ms  2000ms\nmain main main', epoch)
    pushLog(builder, 500, `line of part ${part}`)
    // What doesn't compress fills a segment fastest.
    const request = builder.addBlob(randomBytes(1_200_000))
    builder.push('opaque', { signal: 0, request, from: 0, to: 1e9 })
    const meta = { recording: id, label: 'long', resource: { 'service.name': 'long' } }
    await catalog.addSegment(
      id,
      `j-${part + 1}-${part + 2}`,
      await encodeRecording(builder.snapshot(), meta, nodeCodec)
    )
  }
  const { bytes } = await encodeRun('s', '0ms  1000ms  2000ms\nmain main main')
  await catalog.addSegment(short, 'j-1-2', bytes)
})

const strip = (page: Page) => page.getByRole('region', { name: 'Part of the recording' })
const line = (page: Page, part: number) => page.getByText(`line of part ${part}`, { exact: true })

function watchSegments(page: Page): Set<string> {
  const asked = new Set<string>()
  page.on('request', request => {
    const segment = /\/segments\/([^/]+)$/.exec(request.url())?.[1]
    if (segment) asked.add(segment)
  })
  return asked
}

test('opens at its newest part, and asks for no more than that', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, '/#/')
  const asked = watchSegments(page)
  await page.goto(`${running.collector.uiUrl}/#/r/${id}/log`)
  await line(page, parts - 1).waitFor()
  expect(asked.size).toBeGreaterThan(0)
  expect(asked.size).toBeLessThan(parts / 2)
  expect(await line(page, 0).count()).toBe(0)
  expect(await strip(page).getByRole('button', { name: 'Later part' }).isDisabled()).toBe(true)
  await expect.poll(() => strip(page).textContent()).toContain('of 42 h 00 min')
})

test('a comparison is made beside the page, and says of which part of a recording', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, '/#/compare')
  const workers: string[] = []
  page.on('worker', worker => workers.push(worker.url()))
  await page.goto(`${running.collector.uiUrl}/#/compare?a=${id}&b=${short}`)
  await page.getByRole('img', { name: /^Calls of both/ }).waitFor()
  const told = await page.getByText('Only the newest part').innerText()
  expect(told).toMatch(/is compared: \d+ h \d+ min of the 42 h 00 min of A\. microlog diff long0/)
  expect(workers.some(url => url.includes('compare-worker'))).toBe(true)
})

test('a click on the whole shows that part, and its address the same again', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/r/${id}/log`)
  await line(page, parts - 1).waitFor()
  const picture = strip(page).getByRole('img', { name: /^CPU over the whole/ })
  await picture.click({ position: { x: 3, y: 20 } })
  await line(page, 0).waitFor()
  expect(await line(page, parts - 1).count()).toBe(0)
  await page.reload()
  await line(page, 0).waitFor()
  expect(await strip(page).getByRole('button', { name: 'Earlier part' }).isDisabled()).toBe(true)
  await strip(page).getByRole('button', { name: 'Later part' }).click()
  await line(page, 3).waitFor()
  await page.goBack()
  await line(page, 0).waitFor()
})

test('what is searched for in the log is found in the other parts, too', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/r/${id}/log`)
  await line(page, parts - 1).waitFor()
  const others = page.getByRole('group', { name: 'Other parts of the recording' })
  expect(await others.count()).toBe(0)
  await page.getByLabel('Search by regular expression').fill('OF PART')
  await page.getByText('No log entry of this part matches').waitFor()
  await others.getByRole('button', { name: 'Earlier match' }).click()
  await others.getByRole('button', { name: 'No earlier match' }).waitFor()

  await page.getByLabel('Search by regular expression').fill('part 1')
  await others.getByRole('button', { name: 'Earlier match' }).click()
  await line(page, 1).waitFor()
  expect(page.url()).toContain('q=part')
  await page.getByLabel('Search by regular expression').fill('of part')
  await others.getByRole('button', { name: 'Earlier match' }).click()
  await line(page, 0).waitFor()
  await others.getByRole('button', { name: 'Later match' }).click()
  await line(page, 1).waitFor()
  expect(await line(page, 0).count()).toBe(0)
  await page.getByLabel('Search by regular expression').fill('part [1-3]')
  await expect.poll(() => others.getByRole('button', { name: 'Later match' }).isDisabled()).toBe(true)
})

test('an address leads to the same moment after the first part was deleted', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/r/${id}/log`)
  await line(page, parts - 1).waitFor()
  await strip(page).getByRole('button', { name: 'Earlier part' }).click()
  await line(page, parts - 4).waitFor()
  const first = (await catalog.segments(id)).find(segment => segment.id === 'j-1-2')
  await catalog.removeFirst(first!)
  // A listing is believed for a second.
  await expect
    .poll(async () => {
      await page.reload()
      await line(page, parts - 4).waitFor()
      return strip(page).textContent()
    })
    .toContain('of 36 h 00 min')
  expect(await page.getByText(`${(parts - 4) * partHours}:00:00.500`).count()).toBe(1)
})
