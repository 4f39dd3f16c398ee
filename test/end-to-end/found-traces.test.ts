// Traces of a service that knows no routes: each request is called GET. What stands above their list, and one of them.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStore } from '../../src/collector/open-store.ts'
import { encodeRecording } from '../../src/format/index.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { internSet, pushLog, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { takePicture } from './picture.ts'
import { openScreen } from './screens.ts'
import { violations } from './violations.ts'

const id = 'found'.padEnd(26, '0')
const [server, client] = [2, 3]
const orders = 40
const failed = 'ee'.repeat(16)
const waited = 'cc'.repeat(16)

/** Forty orders a second apart, one of which failed; a login, which took longest; and a trace of several spans. */
const running = collectorAndBrowser(async store => {
  const builder = builderFromText('0ms\nmain')
  const { strings } = builder
  const resource = builder.intern('resources', {
    attributes: internSet(builder, { 'service.name': 'shop' }),
    droppedAttributes: 0,
    schemaUrl: 0
  })
  const cells = (name: string, kind: number, key: string, path: string) => ({
    name: strings.intern(name),
    kind,
    attributes: internSet(builder, { [key]: path }),
    resource
  })
  for (let i = 0; i < orders; i++) {
    const traceId = i === 20 ? new Uint8Array(16).fill(0xee) : new Uint8Array(16).fill(i + 1)
    const statusCode = i === 20 ? 2 : 0
    pushSpan(builder, 'a', i * 1_000, i * 1_000 + 10 + i, '', {
      ...cells('GET', server, 'url.path', `/orders/${i}`),
      traceId,
      statusCode
    })
  }
  const traceId = new Uint8Array(16).fill(0xdd)
  pushSpan(builder, 'a', 39_500, 40_500, '', {
    ...cells('POST', server, 'http.target', '/login?key=x'),
    traceId
  })
  pushSpan(builder, 'a', 50_000, 50_100, '', cells('GET', server, 'url.path', '/cart'))
  pushSpan(builder, 'b', 50_010, 50_090, 'a', cells('GET', client, 'url.full', 'http://stock/items/4?a=b'))
  pushSpan(builder, 'c', 50_020, 50_050, 'a', { name: strings.intern('beside'), resource })
  pushLog(builder, 50_015, 'asked', { uid: 'u1', letter: 'a' })
  pushLog(builder, 50_030, 'event loop blocked', { uid: 'u2', letter: 'a', eventName: 'microlog.blocked' })
  const meta = { recording: id, label: 'shop', resource: { 'service.name': 'shop' } }
  const { catalog } = await openStore(store)
  await catalog.addSegment(id, 'j-1-2', await encodeRecording(builder.snapshot(), meta, nodeCodec))
})

const open = (path: string, window = {}) =>
  openScreen(running.browser, running.collector.uiUrl, path, undefined, window)
const rows = (page: Page) => page.getByRole('table', { name: 'Traces' }).locator('a')
const operations = (page: Page) => page.getByRole('table', { name: 'Operations' })
const chart = (page: Page) => page.getByRole('img', { name: /^Durations of/ })

/** Where something red is painted, in CSS pixels from the top left of the page. */
async function redPoint(page: Page): Promise<{ x: number; y: number }> {
  const picture = await takePicture(chart(page))
  const { x: left, y: top } = (await chart(page).boundingBox())!
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const [red, green, blue] = picture
        .at(x, y)
        .match(/\w\w/g)!
        .map(hex => Number.parseInt(hex, 16))
      if (red! > 180 && green! < 120 && blue! < 120) return { x: left + x + 2, y: top + y + 2 }
    }
  }
  throw new Error('Expected a red point')
}

test('requests are listed with their paths, and by operation, which a click filters by', async () => {
  const page = await open('/#/traces')
  await expect.poll(() => rows(page).first().innerText()).toMatch(/shop\s+GET\s+\/cart/)
  expect(await rows(page).count()).toBe(orders + 2)
  await expect.poll(() => page.getByText('Of all 42 traces found').count()).toBe(1)
  const row = operations(page).getByRole('row', { name: /GET \/orders\/\*/ })
  expect(await row.innerText()).toMatch(/40\s+2\.5 %\s+29\.0 ms\s+47\.0 ms\s+49\.0 ms/)
  expect(await violations(page)).toEqual([])

  const login = operations(page).getByRole('button', { name: 'POST /login' })
  await login.click()
  await expect.poll(() => rows(page).count()).toBe(1)
  expect(await rows(page).innerText()).toMatch(/POST\s+\/login$/)
  await page.reload()
  await expect.poll(() => login.getAttribute('aria-pressed')).toBe('true')
  await login.click()
  await expect.poll(() => rows(page).count()).toBe(orders + 2)
  await page.goBack()
  await expect.poll(() => rows(page).count()).toBe(1)
})

test('in the chart a point opens its trace, and dragging chooses times and durations', async () => {
  const page = await open('/#/traces')
  await expect
    .poll(() =>
      redPoint(page).then(
        () => true,
        () => false
      )
    )
    .toBe(true)
  const { x, y, width, height } = (await chart(page).boundingBox())!

  const drag = async (fromX: number, fromY: number, toX: number, toY: number): Promise<void> => {
    await page.mouse.move(x + fromX * width, y + fromY * height)
    await page.mouse.down()
    await page.mouse.move(x + toX * width, y + toY * height, { steps: 4 })
    await page.mouse.up()
  }
  await drag(0.02, 0.5, 0.5, 0.5)
  await expect.poll(() => page.url()).toMatch(/from=\d+&to=\d+/)
  await expect.poll(() => rows(page).count()).toBeLessThan(orders)
  expect(await rows(page).count()).toBeGreaterThan(10)
  await page.getByRole('search').getByRole('combobox', { name: 'Time' }).selectOption('any')
  await expect.poll(() => rows(page).count()).toBe(orders + 2)

  // Only the login and the cart took so long.
  await drag(0.5, 0.02, 0.5, 0.5)
  await expect.poll(() => rows(page).count()).toBe(2)
  expect(await page.getByLabel('At least').inputValue()).not.toBe('')
  await page.goBack()
  await expect.poll(() => rows(page).count()).toBe(orders + 2)

  const point = await redPoint(page)
  await page.mouse.move(point.x, point.y)
  await expect.poll(() => page.getByText('shop › GET /orders/20: 30.0 ms').count()).toBe(1)
  await page.mouse.click(point.x, point.y)
  await expect.poll(() => page.url()).toContain(`#/t/${failed}`)
  await expect.poll(() => page.title()).toBe('GET /orders/20 – Microlog')
})

test('a trace says paths beside names, counts the logs that it lists, and marks its critical path', async () => {
  const page = await open(`/#/t/${waited}`)
  const spans = page.getByRole('treeitem')
  await expect
    .poll(() => spans.allInnerTexts())
    .toMatchObject(
      [/GET \/cart shop/, /GET stock\/items\/4 shop/, /beside shop/].map(text => expect.stringMatching(text))
    )
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/shop\s+GET\s+\/cart/)
  expect(await page.locator('.header .facts').innerText()).toContain('1 log and 1 of Microlog’s')
  expect(await page.locator('article').count()).toBe(2)

  const marks = () => spans.evaluateAll(rows => rows.map(row => row.querySelectorAll('.critical').length))
  expect(await marks()).toEqual([2, 1, 0])
  const panel = page.getByRole('region', { name: 'Selected span', exact: true })
  expect(await panel.innerText()).toContain('critical path: 20.0 ms, 20.0 % of the trace')
  await spans.nth(2).click()
  await expect.poll(() => panel.innerText()).toContain('not on the critical path')
  await page.getByRole('button', { name: 'Critical path' }).click()
  await expect.poll(marks).toEqual([0, 0, 0])
  await expect.poll(() => page.url()).toContain('path=off')
  expect(await violations(page)).toEqual([])
})

test('beside the list of recordings on a small screen there is room for what the traces are of', async () => {
  const page = await open(`/#/r/${id}/traces`, { viewport: { width: 1024, height: 768 } })
  const operation = page.getByRole('table', { name: 'Operations' }).getByRole('rowheader').first()
  const root = page.getByRole('row', { name: /orders\/20/ }).locator('.root')
  for (const cell of [operation, root]) {
    expect((await cell.boundingBox())!.width).toBeGreaterThan(150)
  }
})

test('a list whose collector is gone says so, and stays', async () => {
  const page = await openScreen(
    running.browser,
    running.collector.uiUrl,
    '/#/traces',
    /Failed to load resource|load preload assets/
  )
  const rows = page.getByRole('table', { name: 'Traces' }).getByRole('row')
  await rows.nth(1).waitFor()
  const count = await rows.count()
  await page.context().setOffline(true)
  await page.getByLabel('At least').fill('25')
  const alert = page.getByRole('alert')
  await expect.poll(() => alert.allInnerTexts()).toEqual([expect.stringContaining('No answer from the')])
  expect(await rows.count()).toBe(count)
  await page.context().setOffline(false)
  await alert.getByRole('button', { name: 'Retry' }).click()
  await expect.poll(() => rows.count()).toBeLessThan(count)
  expect(await alert.count()).toBe(0)
})

test('on a phone nothing of a list or a trace has to be scrolled aside, and there is room to search', async () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true }
  const page = await open('/#/traces', phone)
  const row = page.getByRole('table', { name: 'Traces' }).getByRole('row', { name: /orders\/20/ })
  await row.scrollIntoViewIfNeeded()
  for (const text of [/GET/, /30\.0 ms/, /1 error/, /\d\d:\d\d:\d\d/]) {
    const { x, width } = (await row.getByText(text).first().boundingBox())!
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x + width).toBeLessThanOrEqual(390)
  }
  const aside = () =>
    page.evaluate<string[]>(`[...document.querySelectorAll('*')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .filter(element => /auto|scroll/.test(getComputedStyle(element).overflowX))
      .map(element => element.className)`)
  expect(await aside()).toEqual([])
  expect(await page.getByLabel('Attribute').isVisible()).toBe(false)
  await page.getByRole('button', { name: 'Filters' }).click()
  expect(await page.getByLabel('Attribute').isVisible()).toBe(true)
  expect(await violations(page)).toEqual([])

  await page.goto(`${running.collector.uiUrl}/#/t/${waited}`)
  const field = page.getByLabel('Search functions')
  await field.waitFor()
  expect((await field.boundingBox())!.width).toBeGreaterThan(200)
  const button = (await page.getByRole('button', { name: 'OTLP' }).boundingBox())!
  expect(button.x + button.width).toBeLessThanOrEqual(390)
  expect(await aside()).toEqual([])
})
