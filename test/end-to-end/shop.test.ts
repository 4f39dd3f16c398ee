// The main job, as a person does it: from a slow request to its stacks and log lines, and from a log line to its
// stack and its trace.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../scripts/browser.mjs'
import { takePicture } from './picture.ts'
import { recordShop } from './recorded-shop.ts'
import type { RecordedShop } from './recorded-shop.ts'
import { openScreen } from './screens.ts'
import { violations } from './violations.ts'

let shop: RecordedShop
let browser: Browser

beforeAll(async () => {
  shop = await recordShop()
  browser = await launchBrowser()
}, 150_000)

afterAll(async () => {
  await browser?.close()
  await shop?.close()
})

const open = (path: string, expected?: RegExp): Promise<Page> =>
  openScreen(browser, shop.origin, path, expected)
/** What follows takes a moment: more than `expect.poll` waits by itself. */
const poll = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })
const flame = (page: Page) => page.getByRole('region', { name: 'Stacks of the selected span' })
const selectedLog = (page: Page) => page.locator('article', { has: page.locator('[aria-expanded="true"]') })

test('from home to the slow endpoint, its burning function, its log line, that line’s stack, and back', async () => {
  const page = await open('/#/')
  await page.getByRole('treeitem', { name: /shop/ }).first().waitFor()
  await page.getByRole('link', { name: 'Traces' }).click()
  await page.getByLabel('Operation', { exact: true }).fill('checkout')
  await page.getByLabel('At least').fill('100')
  await page.locator(`a[href*="${shop.slowTrace}"]`).click()

  // Where the time went is named, and leads to the call.
  const hot = flame(page).getByRole('listitem').first()
  // Samplers differ in whether a regular expression is a function of its own, called by the one that uses it.
  await poll(() => hot.innerText()).toMatch(/validateCoupon\s+storefront\/coupons\.js:\d+\s+\d+ %/)
  await hot.getByRole('button').click()
  const call = page.getByRole('region', { name: 'Selected call' })
  await poll(() => call.innerText()).toMatch(/validateCoupon[^]*storefront\/coupons\.js:\d+/)
  await poll(() => page.url()).toContain('sel=call:')

  // Its span is the checkout itself.
  expect(await call.getByRole('button', { name: 'POST /checkout/:cart' }).count()).toBe(1)

  // The log line, its stack with a link into the editor, its span.
  const line = page.locator('article', { hasText: 'coupon refused' })
  await line.locator('button[aria-expanded]').click()
  await poll(() => page.url()).toContain('sel=log:')
  const stack = line.getByRole('list', { name: 'Stack' })
  await poll(() => stack.innerText()).toContain('acceptedCoupon')
  const place = stack.getByRole('link', { name: /checkout-routes/ }).first()
  expect(await place.innerText()).toMatch(/^storefront\/checkout-routes\.js:\d+$/)
  expect(await place.getAttribute('href')).toMatch(
    /^vscode:\/\/file\/.*\/examples\/shop\/storefront\/checkout-routes\.js:\d+:\d+$/
  )
  await page.goBack()
  await poll(() => page.url()).toContain('#/traces')
  await page.goForward()
  await poll(() => selectedLog(page).innerText()).toContain('acceptedCoupon')
})

test('from a log line of the recording to its trace and to its moment on the timeline', async () => {
  const page = await open(`/#/r/${shop.shop}/log`)
  await page.getByLabel('Search by regular expression').fill('coupon\\s+refused')
  const line = page.locator('article', { hasText: 'coupon refused' }).first()
  await line.locator('button[aria-expanded]').click()
  await line.getByRole('button', { name: /^Show span/ }).click()
  await poll(() => page.url()).toMatch(/#\/t\/[0-9a-f]{32}\?.*span=[0-9a-f]{16}/)
  const selected = page.getByRole('treeitem', { selected: true })
  await poll(() => selected.innerText()).toContain('POST /checkout/:cart')
  await poll(() => selectedLog(page).innerText()).toContain('coupon refused')
  await selectedLog(page).getByRole('button', { name: 'Show on the timeline' }).click()
  await poll(() => page.getByRole('dialog', { name: 'Log entry' }).innerText()).toContain('coupon refused')
  await page.goBack()

  await page.goBack()
  await poll(() => selectedLog(page).innerText()).toContain('coupon refused')
  await selectedLog(page).getByRole('button', { name: 'Show on the timeline' }).click()
  await poll(() => page.url()).toMatch(/\/timeline\?.*t=[\d.]+-[\d.]+/)
  await poll(() => page.url()).toContain('sel=log:')
})

test('a slow span tells who held the event loop: here itself', async () => {
  const page = await open(`/#/t/${shop.slowTrace}`)
  const panel = page.getByRole('region', { name: 'Selected span', exact: true })
  await poll(() => panel.innerText()).toMatch(/Who held the event loop\s+this span ≈ \d[^]*others[^]*nobody/)
  const share = /this span ≈ [^,]+, ([\d.]+) %/.exec(await panel.innerText())?.[1]
  expect(Number(share)).toBeGreaterThan(40)
})

test('the span’s stacks are painted in colour, on the axis that its waterfall has', async () => {
  const page = await open(`/#/t/${shop.slowTrace}`)
  const hot = flame(page).getByRole('listitem').first()
  await hot.getByRole('button').click()
  const canvas = flame(page).locator('canvas')
  await poll(() => page.getByRole('region', { name: 'Selected call' }).count()).toBe(1)
  const { colours, drawn } = await takePicture(flame(page).locator('.chart'))
  expect(colours).toBeGreaterThan(30)
  expect(Math.max(...drawn)).toBeGreaterThan(0.05)

  // The chart is on the axis of the waterfall: it moves when that does.
  const before = await canvas.screenshot()
  const { x, y, width, height } = (await page.locator('.ruler').boundingBox())!
  await page.mouse.move(x + width * 0.3, y + height / 2)
  await page.mouse.down()
  await page.mouse.move(x + width * 0.6, y + height / 2, { steps: 5 })
  await page.mouse.up()
  await poll(() => page.url()).toMatch(/t=[\d.]+-[\d.]+/)
  await poll(async () => before.equals(await canvas.screenshot())).toBe(false)
})

test('the timeline paints curves, logs, spans and calls', async () => {
  const page = await open(`/#/r/${shop.shop}/timeline`)
  await page.locator('canvas').nth(3).waitFor()
  const fewestColours = async () => {
    const counts: number[] = []
    for (const canvas of await page.locator('canvas').all()) {
      if (await canvas.isVisible()) counts.push((await takePicture(canvas)).colours)
    }
    return Math.min(...counts)
  }
  await poll(fewestColours).toBeGreaterThan(3)
})

test('a search on the timeline leads to logs and spans as well as to calls', async () => {
  const page = await open(`/#/r/${shop.shop}/timeline`)
  await page.getByLabel('Search calls, spans, logs').fill('coupon refused')
  await poll(() => page.getByRole('status').first().innerText()).toMatch(/^0 calls, 0 spans, \d+ logs?$/)
  await page.getByRole('button', { name: 'Next match' }).click()
  await poll(() => page.getByRole('dialog', { name: 'Log entry' }).innerText()).toContain('coupon refused')
  await poll(() => page.getByRole('status').first().innerText()).toMatch(/^1 of \d+/)
  await page.getByLabel('Search calls, spans, logs').fill('POST /checkout/:cart')
  await poll(() => page.getByRole('status').first().innerText()).toMatch(/[1-9]\d* spans?, /)
  await page.getByRole('button', { name: 'Previous match' }).click()
  await poll(() => page.url()).toMatch(/span=[0-9a-f]{16}/)
})

test('reload and a shared link give the same view', async () => {
  const page = await open(`/#/t/${shop.slowTrace}`)
  await flame(page).getByRole('listitem').first().getByRole('button').click()
  await page.getByRole('treeitem').nth(1).dblclick()
  await poll(() => page.url()).toMatch(/t=[\d.]+-[\d.]+/)
  await poll(() => page.url()).toMatch(/span=[0-9a-f]{16}/)
  const view = async (of: Page) => ({
    selected: await of.getByRole('treeitem', { selected: true }).innerText(),
    ticks: await of.locator('.ruler').innerText(),
    span: await of.getByRole('region', { name: 'Selected span', exact: true }).innerText()
  })
  const before = await view(page)
  await page.reload()
  await poll(() => view(page)).toEqual(before)
  const shared = await open(new URL(page.url()).pathname + new URL(page.url()).hash)
  await poll(() => view(shared)).toEqual(before)
})

test('levels and search narrow the log, and the address keeps both', async () => {
  const page = await open(`/#/r/${shop.shop}/log`)
  const total = page.locator('.total')
  await poll(() => total.innerText()).toMatch(/^[\d,]+ entries( \+ \d+ own)?$/)
  await page.getByRole('button', { name: /^debug/ }).click()
  await page.getByRole('button', { name: /^info/ }).click()
  await poll(() => page.locator('article .level').allInnerTexts()).not.toContain('info')
  await page.getByLabel('Search by regular expression').fill('ref(used|und)')
  await poll(() => page.locator('article mark').count()).toBeGreaterThan(0)
  await poll(() => page.url()).toMatch(/hide=debug,info.*q=ref|q=ref.*hide=debug,info/)
  const shown = await total.innerText()
  expect(shown).toMatch(/^[\d,]+ of [\d,]+ entries$/)
  await page.reload()
  await poll(() => total.innerText()).toBe(shown)
})

test('on a narrow screen a log line still shows what was logged', async () => {
  const page = await open(`/#/t/${shop.slowTrace}`)
  await page.setViewportSize({ width: 800, height: 700 })
  const lines = page.locator('article .line')
  await lines.first().waitFor()
  const shares = await lines.evaluateAll(all =>
    all.map(line => {
      const { width } = line.querySelector('button')!.getBoundingClientRect()
      return { message: width / line.clientWidth, cut: line.scrollWidth > line.clientWidth }
    })
  )
  expect(shares.length).toBeGreaterThan(1)
  for (const { message, cut } of shares) {
    expect(message).toBeGreaterThan(0.25)
    expect(cut).toBe(false)
  }
})

test('the flame graph tells where the time of all went, of one endpoint, and who called a function', async () => {
  const page = await open(`/#/r/${shop.shop}/timeline`)
  await page.getByRole('link', { name: 'Flame' }).click()
  const graph = page.getByRole('img', { name: 'Time by the calls that took it' })
  await graph.waitFor()
  expect((await takePicture(graph)).colours).toBeGreaterThan(5)
  await page.getByLabel('only my code').check()
  const hottest = page.getByRole('row').nth(1)
  await poll(() => hottest.innerText()).toMatch(/^validateCoupon\s+storefront\/coupons\.js:\d+\s+≈ /)

  await page.getByLabel('Laid out from').selectOption('callees')
  const told = page.getByRole('status')
  // Each once: where a line comes late, another key would already lead past its call.
  await graph.press('ArrowDown')
  await poll(() => told.innerText()).toMatch(/^validateCoupon .* samples?$/)
  await graph.press('ArrowDown')
  await poll(() => told.innerText()).toMatch(/^acceptedCoupon /)

  await page.getByLabel('Endpoint').selectOption('GET /')
  await poll(() => page.getByRole('table').innerText()).not.toContain('validateCoupon')
  expect(page.url()).toMatch(/endpoint=GET/)
  expect(await violations(page, 'main')).toEqual([])
})

test('an expression that never ends is given up, and the page goes on', async () => {
  const page = await open(`/#/r/${shop.shop}/log?q=${encodeURIComponent('^(([\\s\\S])+)+\\u0001$')}`)
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('takes too long')
  await page.getByLabel('Search by regular expression').fill('coupon')
  await poll(() => page.locator('article mark').first().innerText()).toBe('coupon')
})

test('what could not be had names its request, and Retry brings it', async () => {
  const page = await open('/#/', /Failed to load resource/)
  await page.getByRole('treeitem').first().waitFor()
  await page.route('**/segments/*', route => route.abort())
  await page.goto(`${shop.origin}/#/t/${shop.slowTrace}`)
  const failure = page.getByRole('alert')
  await poll(() => failure.innerText()).toMatch(/GET \/api\/recordings\/[0-9a-z]{26}\/segments\//)
  await page.unroute('**/segments/*')
  await failure.getByRole('button', { name: 'Retry' }).click()
  await poll(() => page.getByRole('treeitem').count()).toBeGreaterThan(2)

  await page.goto(`${shop.origin}/#/r/${'0'.repeat(26)}/timeline`)
  await poll(() => failure.innerText()).toContain(`GET /api/recordings/${'0'.repeat(26)}`)
  await failure.getByRole('link', { name: 'All recordings' }).click()
  await page.getByRole('treeitem').first().waitFor()
})
