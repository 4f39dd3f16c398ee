// What to look at first: from a finding to its place, and a prompt that holds it all.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../scripts/browser.mjs'
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
  openScreen(browser, shop.origin, `/#/r/${shop.shop}/analysis${query}`)
/** What follows takes a moment: more than `expect.poll` waits by itself. */
const poll = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })
/** Samplers differ in whether a regular expression is a function of its own. */
const hottest = /validateCoupon|RegExp/
const finding = (page: Page, text: RegExp) => page.getByRole('listitem').filter({ hasText: text })

test('what blocked the loop is named, and leads to its place on the timeline', async () => {
  const page = await open()
  const blocked = finding(page, /The event loop was blocked .* in .*validateCoupon .*coupons\.js/)
  await blocked.getByRole('link', { name: 'on the timeline' }).click()
  await poll(() => page.url()).toMatch(/\/timeline\?t=[\d.]+-[\d.]+/)
  await page.goBack()
  await finding(page, /failed/)
    .getByRole('link', { name: 'the trace' })
    .first()
    .click()
  await poll(() => page.url()).toMatch(/#\/t\/[0-9a-f]{32}\?span=[0-9a-f]{16}/)
})

test('code that took much of the work leads to its calls and its part of the design, an entry to its log', async () => {
  const page = await open()
  const hot = finding(page, /validateCoupon \(.*coupons\.js:\d+\) took .* by itself, .* for acceptedCoupon/)
  await hot.getByRole('link', { name: 'in the flame graph' }).click()
  await poll(() => decodeURIComponent(page.url())).toMatch(/\/flame\?q=\^validateCoupon/)
  await page.goBack()
  await hot.getByRole('link', { name: 'in the design' }).click()
  await page.getByRole('region', { name: 'Selected part' }).getByRole('heading', { level: 2 }).waitFor()
  await page.goBack()
  await finding(page, /event loop was blocked .* in .*validateCoupon/)
    .getByRole('link', { name: 'the log line' })
    .click()
  await page.locator('article.selected', { hasText: 'event loop blocked' }).waitFor()
})

test('functions and spans are listed for the time that is looked at', async () => {
  const page = await open()
  const functions = page.getByRole('table').first()
  await poll(() => functions.innerText()).toMatch(hottest)
  const all = await page.getByRole('table').nth(1).innerText()
  expect(all).toContain('POST /checkout/:cart')
  // Before it began: at the start modules may be loading.
  const early = await open('?t=-2--1')
  await early.getByText('Nothing: no blocked event loop').waitFor()
  await early.getByTitle('Show all times').click()
  await poll(() => early.getByRole('table').nth(1).innerText()).toBe(all)
})

test('the prompt holds the question, what stands out and where the time went', async () => {
  const page = await open()
  await page.getByLabel('Question').fill('Why is the checkout slow?')
  const prompt = page.locator('pre')
  await poll(() => prompt.innerText()).toMatch(/^Why is the checkout slow\?/)
  expect(await prompt.innerText()).toMatch(
    /- The event loop was blocked[^]*## Functions[^]*\| (?:validateCoupon|RegExp)/
  )
})

test('assistive technology can use it', async () => {
  const page = await open()
  await page.getByRole('table').first().waitFor()
  expect(await violations(page, 'main')).toEqual([])
})
