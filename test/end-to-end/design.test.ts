// How a program's parts call each other: from the picture to a part, its functions, its spans and its logs.
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

const open = (query = ''): Promise<Page> =>
  openScreen(browser, shop.origin, `/#/r/${shop.shop}/design${query}`)
async function openImported(name: string, file: object): Promise<Page> {
  const answer = await fetch(`${shop.origin}/api/import?name=${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: JSON.stringify(file)
  })
  const [id] = ((await answer.json()) as { ids: string[] }).ids
  return openScreen(browser, shop.origin, `/#/r/${id}/design`)
}
const profileNode = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  children,
  callFrame: { functionName, url, scriptId: '1', lineNumber: id, columnNumber: 0 }
})
/** What follows takes a moment: more than `expect.poll` waits by itself. */
const poll = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })
const picture = (page: Page) => page.getByRole('img', { name: /^How the parts/ })
const part = (page: Page, name: string | RegExp) =>
  page.getByRole('list', { name: 'Parts' }).getByRole('button', { name })
const panel = (page: Page) => page.getByRole('region', { name: 'Selected part' })
const findIn = (page: Page) => page.getByLabel('Search functions and files')

test('the tab paints the graph in colour, and its list names the parts it paints', async () => {
  const page = await openScreen(browser, shop.origin, `/#/r/${shop.shop}/timeline`)
  await page.getByRole('link', { name: 'Design' }).click()
  await poll(async () => (await takePicture(picture(page))).colours).toBeGreaterThan(30)
  await part(page, /^storefront\/coupons\.js/).waitFor()
  expect(await part(page, /^fastify@\d/).count()).toBe(1)
  expect(await part(page, /^node /).count()).toBe(0)
  await page.getByLabel('Whose code').selectOption('all packages and Node')
  await part(page, /^node /).waitFor()
  await page.getByLabel('Whose code').selectOption('only my code')
  await poll(() => part(page, /^fastify@/).count()).toBe(0)
  await poll(() => page.url()).toContain('hide=internals')
})

test('a part tells its functions, who calls it, and its spans and logs; all of it is in the address', async () => {
  const page = await open('?hide=internals')
  await part(page, /^storefront\/coupons\.js/).focus()
  await page.keyboard.press('Enter')
  await poll(() => panel(page).innerText()).toMatch(/validateCoupon/)
  expect(
    await panel(page).getByRole('link', { name: 'validateCoupon' }).first().getAttribute('href')
  ).toMatch(/^vscode:\/\/file\/.*\/storefront\/coupons\.js:\d+:\d+$/)
  expect(await panel(page).getByRole('link', { name: 'POST /checkout/:cart' }).count()).toBeGreaterThan(0)
  // Below it may be what ran for no request: the file as it was loaded.
  expect(await panel(page).innerText()).toMatch(/Endpoints that use it\s+POST \/checkout\/:cart\s+[\d.]+ %/)
  await poll(() => page.url()).toContain('part=file:')
  await page.reload()
  await panel(page).getByRole('list', { name: 'Called by' }).getByRole('button').first().click()
  await poll(() => panel(page).getByRole('heading').first().innerText()).toBe('storefront/checkout-routes.js')
  const log = panel(page)
    .getByRole('link', { name: /coupon refused/ })
    .first()
  await log.click()
  await poll(() => page.url()).toMatch(/\/log\?.*sel=log:/)
  await page.goBack()
  await panel(page).getByRole('link', { name: 'Show on the timeline' }).click()
  // The shop lies in the recorder's own package here, so that of its functions only their logs are stepped through.
  await poll(() => page.getByRole('status').first().innerText()).toMatch(/0 spans, [1-9]\d* logs?$/)
})

test('a part that is opened shows what is in it, at each level; Escape closes in order', async () => {
  const page = await open('?hide=internals&q=validateCoupon')
  await poll(() => page.getByRole('status').first().innerText()).toMatch(/^1 of \d+ parts$/)
  await part(page, /^storefront\/coupons\.js/).click()
  await panel(page).getByRole('button', { name: 'Show what is in it' }).click()
  await part(page, /^validateCoupon/).click()
  await panel(page).waitFor()
  await page.keyboard.press('Escape')
  await part(page, /^validateCoupon/).waitFor()
  expect(await findIn(page).inputValue()).toBe('validateCoupon')
  await page.keyboard.press('Escape')
  await poll(() => findIn(page).inputValue()).toBe('')
  await page.keyboard.press('Escape')
  await part(page, /^storefront\/coupons\.js/).waitFor()
  await page.getByRole('button', { name: 'Folders' }).click()
  await part(page, /^shop\/storefront\//).waitFor()
  await page.goBack()
  await part(page, /^storefront\/coupons\.js/).waitFor()
})

test('one part alone stands in the middle: a click selects it, it stays where it is dragged, and it opens', async () => {
  const page = await openImported('one.cpuprofile', {
    nodes: [
      profileNode(1, '(root)', '', [2]),
      profileNode(2, 'main', 'file:///app/one.js', [3]),
      profileNode(3, 'work', 'file:///app/one.js')
    ],
    startTime: 0,
    endTime: 40_000,
    samples: [2, 3, 3, 3],
    timeDeltas: [0, 10_000, 10_000, 10_000]
  })
  await page.getByText('All of it is one part here').waitFor()
  await poll(async () => (await takePicture(picture(page))).colours).toBeGreaterThan(3)
  const { x, y, width, height } = (await picture(page).boundingBox())!
  const middle = { x: x + width / 2, y: y + height / 2 }
  const moved = { x: middle.x + 150, y: middle.y + 80 }
  await page.mouse.click(middle.x, middle.y)
  await panel(page).waitFor()
  await page.mouse.move(middle.x, middle.y)
  await page.mouse.down()
  await page.mouse.move(moved.x, moved.y, { steps: 6 })
  await page.mouse.up()
  await page.mouse.click(middle.x, middle.y)
  await panel(page).waitFor({ state: 'detached' })
  await page.mouse.click(moved.x, moved.y)
  await panel(page).waitFor()
  await page.mouse.dblclick(moved.x, moved.y)
  await part(page, /^work/).waitFor()
})

test('a recording without stacks says how to record some', async () => {
  const time = `${Date.now()}000000`
  const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', name: 'alone' }
  const page = await openImported('spans.json', {
    resourceSpans: [
      { scopeSpans: [{ spans: [{ ...span, startTimeUnixNano: time, endTimeUnixNano: time }] }] }
    ]
  })
  await page.getByRole('heading', { name: 'No stacks in this recording' }).waitFor()
  expect(await page.getByText('microlog run LABEL script.js').count()).toBe(1)
})

test('where nothing was seen running it says so, and leads back', async () => {
  const page = await open('?t=99990-99991')
  await page.getByText('Nothing was seen running here').waitFor()
  await page.getByRole('button', { name: 'Show everything' }).click()
  await part(page, /^storefront\/coupons\.js/).waitFor()
})

test('assistive technology can use the page, with and without a selected part', async () => {
  const page = await open()
  await part(page, /^storefront\/coupons\.js/).waitFor()
  expect(await violations(page, '.design')).toEqual([])
  await part(page, /^storefront\/coupons\.js/).click()
  await panel(page).waitFor()
  expect(await violations(page, '.design')).toEqual([])
})
