// The log of a recording under the hands of a person: many entries, of which a search leaves few.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStore } from '../../src/collector/open-store.ts'
import { encodeRecording } from '../../src/format/index.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { pushLog, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { openScreen } from './screens.ts'

const id = 'log'.padEnd(26, '0')
const other = 'other'.padEnd(26, '0')
const entries = 3_000

const running = collectorAndBrowser(async store => {
  const builder = builderFromText('0ms   1000ms  2000ms\nmain  main    main')
  pushSpan(builder, 'a', 0, entries)
  for (let i = 0; i < entries; i++) {
    const body = i % 100 === 0 ? `rare line ${i}` : `line ${i}\nof two`
    pushLog(builder, i, body, { uid: `log-${i}`, letter: 'a' })
  }
  const meta = { recording: id, label: 'log', resource: { 'service.name': 'log' } }
  const { catalog } = await openStore(store)
  await catalog.addSegment(id, 'j-1-2', await encodeRecording(builder.snapshot(), meta, nodeCodec))
  const second = { recording: other, label: 'other', resource: { 'process.pid': '4711' } }
  const empty = builderFromText('0ms\nmain').snapshot()
  await catalog.addSegment(other, 'j-1-2', await encodeRecording(empty, second, nodeCodec))
})

const open = (query = ''): Promise<Page> =>
  openScreen(running.browser, running.collector.uiUrl, `/#/r/${id}/log${query}`)
const field = (page: Page) => page.getByLabel('Search by regular expression')
const total = (page: Page) => page.locator('.total')
/** The line as it is on the screen; '' where it isn't. */
const seen = (page: Page, text: string) => page.locator('article', { hasText: text })

test('letters typed one after the other are answered by one worker', async () => {
  const page = await open()
  await expect.poll(() => total(page).innerText()).toBe('3,000 entries')
  let workers = 0
  page.on('worker', worker => {
    if (worker.url().includes('match')) workers++
  })
  await field(page).focus()
  await page.keyboard.type('rare line 1', { delay: 60 })
  await expect.poll(() => total(page).innerText()).toBe('11 of 3,000 entries')
  expect(workers).toBe(1)
})

test('until a search is answered the list stays as it was, and says that it searches', async () => {
  const page = await open()
  await page.addInitScript(() => {
    type Post = (this: unknown, message: object, ...rest: unknown[]) => void
    const workers = (globalThis as unknown as { Worker: { prototype: { postMessage: Post } } }).Worker
      .prototype
    const { postMessage } = workers
    const held = { let: () => {} }
    const { setTimeout } = globalThis
    // However slow this machine is: an answer that is held isn't given up.
    const longestSearchMs = 2_000
    globalThis.setTimeout = ((act: () => void, ms?: number) =>
      ms === longestSearchMs ? 0 : setTimeout(act, ms)) as unknown as typeof setTimeout
    Object.assign(globalThis, { held })
    workers.postMessage = function (message, ...rest) {
      const send = (): void => postMessage.call(this, message, ...rest)
      if ('search' in message) held.let = send
      else send()
    }
  })
  const letGo = () => page.evaluate(() => (globalThis as unknown as { held: { let(): void } }).held.let())
  await page.reload()
  await expect.poll(() => total(page).innerText()).toBe('3,000 entries')
  await field(page).fill('rare')
  await expect.poll(() => total(page).innerText()).toMatch(/^searching … 3,000/)
  await letGo()
  await expect.poll(() => total(page).innerText()).toBe('30 of 3,000 entries')
  await field(page).fill('rare line 1')
  await expect.poll(() => total(page).innerText()).toMatch(/^searching …/)
  expect(await page.locator('article').count()).toBeGreaterThan(11)
  expect(await seen(page, 'of two').count()).toBe(0)
  await letGo()
  await expect.poll(() => page.locator('article').count()).toBe(11)
  await expect.poll(() => page.url()).toContain('line')
  await page.reload()
  await page.getByText('Searching …', { exact: true }).waitFor()
  expect(await page.locator('article').count()).toBe(0)
  await letGo()
  await expect.poll(() => page.locator('article').count()).toBe(11)
})

/** Whether the entry lies within the list as it is scrolled now. */
async function isInView(page: Page, text: string): Promise<boolean> {
  const [list, line] = [await page.locator('.list').boundingBox(), await seen(page, text).boundingBox()]
  return list !== null && line !== null && line.y >= list.y - 1 && line.y < list.y + list.height
}

test('the selected entry is in view after a reload, on the way back, and when the search is cleared', async () => {
  const page = await open('?q=line+2.*%0Aof+two&sel=log:log-2101')
  await expect.poll(() => isInView(page, 'line 2101')).toBe(true)
  await page.reload()
  await expect.poll(() => isInView(page, 'line 2101')).toBe(true)
  await seen(page, 'line 2101').getByRole('button', { name: 'Show span a' }).click()
  await page.getByRole('tree', { name: 'Spans' }).waitFor()
  await page.goBack()
  await expect.poll(() => isInView(page, 'line 2101')).toBe(true)
  await page.getByRole('button', { name: 'Clear' }).click()
  await expect.poll(() => total(page).innerText()).toBe('3,000 entries')
  await expect.poll(() => isInView(page, 'line 2101')).toBe(true)
})

test('from a log’s span Back leads to the log line that was left', async () => {
  const page = await open()
  await page.locator('.scroller').evaluate(list => (list.scrollTop = 40_000))
  // Those before it are there already, but out of sight.
  const nameOf = async () => /line (\d+)/.exec(await page.locator('article').nth(24).innerText())!
  // The list follows its scrolling a moment later.
  await expect.poll(async () => Number((await nameOf())[1])).toBeGreaterThan(500)
  const [name] = await nameOf()
  await seen(page, name).getByRole('button', { name: 'a', exact: true }).click()
  await page.getByRole('tree', { name: 'Spans' }).waitFor()
  await page.goBack()
  await expect.poll(() => page.url()).toContain('sel=log')
  await expect.poll(() => isInView(page, name)).toBe(true)
})

test('who walks by keys sees which link of a line has the focus', async () => {
  const page = await open()
  const link = page.locator('article .pill').first()
  await link.waitFor()
  await page.keyboard.press('Tab')
  await link.focus()
  const drawn = await link.evaluate(element => {
    // Of what is outside of its line's links nothing is seen.
    const look = globalThis as unknown as {
      getComputedStyle(of: unknown): Record<'outlineStyle' | 'outlineWidth' | 'outlineOffset', string>
    }
    const { outlineStyle, outlineWidth, outlineOffset } = look.getComputedStyle(element)
    return { outlineStyle, reach: parseFloat(outlineWidth) + parseFloat(outlineOffset) }
  })
  expect(drawn.outlineStyle).toBe('solid')
  expect(drawn.reach).toBeLessThanOrEqual(0)
})

test('a moment is shown on the timeline with all its calls in colour: the search stays behind', async () => {
  const page = await open('?q=rare')
  await seen(page, 'rare line 500').getByRole('button', { expanded: false }).click()
  await page.getByRole('button', { name: 'Show on the timeline' }).click()
  await page.getByRole('dialog', { name: 'Log entry' }).waitFor()
  expect(page.url()).not.toContain('q=')
  await page.goBack()
  await expect.poll(() => isInView(page, 'rare line 500')).toBe(true)
})

test('the keys of a trace work wherever the focus is, and / searches its functions', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/t/${'c'.repeat(32)}`)
  await page.getByRole('tree', { name: 'Spans' }).waitFor()
  await page.keyboard.press('W')
  await expect.poll(() => page.url()).toMatch(/t=[\d.]+-[\d.]+/)
  await page.keyboard.press('0')
  await expect.poll(() => page.url()).not.toContain('t=')
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('/')
  await page.keyboard.type('main')
  await expect.poll(() => page.getByRole('status').first().innerText()).toBe('1 function')
})

test('on a phone a trace has its details below it, with as much of the axis as names leave', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/t/${'c'.repeat(32)}`)
  await page.getByRole('tree', { name: 'Spans' }).waitFor()
  await page.setViewportSize({ width: 390, height: 844 })
  const boxOf = async (selector: string) => (await page.locator(selector).boundingBox())!
  await expect.poll(async () => (await boxOf('.ruler')).width).toBeGreaterThan(200)
  const [main, side] = [await boxOf('.shared'), await boxOf('aside')]
  expect(side.x).toBe(0)
  expect(side.y).toBeGreaterThan(main.y + main.height)
  const line = await page.locator('article .line').first().boundingBox()
  const message = await page.locator('article button[aria-expanded]').first().boundingBox()
  expect(message!.width).toBeGreaterThan(line!.width * 0.8)
})

test('on a phone the list of recordings lies on top of the page, and goes when one is chosen', async () => {
  const page = await open()
  const list = page.getByRole('complementary', { name: 'Recordings' })
  await list.waitFor()
  await page.setViewportSize({ width: 390, height: 844 })
  await expect.poll(async () => (await page.locator('.main').boundingBox())!.width).toBe(390)
  await list.getByRole('treeitem', { name: /pid 4711/ }).click()
  await expect.poll(() => page.url()).toContain(other)
  await expect.poll(() => list.count()).toBe(0)
})

test('on a phone the search of the log is on the screen, and so is the recording’s whole name', async () => {
  const page = await open()
  await page.setViewportSize({ width: 390, height: 844 })
  await expect.poll(() => field(page).isVisible()).toBe(true)
  await expect
    .poll(async () => {
      const { x, width } = (await field(page).boundingBox())!
      return x + width <= 390
    })
    .toBe(true)
  const heading = page.locator('h1')
  expect(await heading.evaluate(h1 => h1.scrollWidth <= Math.ceil(h1.getBoundingClientRect().width))).toBe(
    true
  )
})

test('a list of traces is sorted again when somebody comes back to it', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, '/#/traces')
  const table = page.getByRole('table', { name: 'Traces' })
  const duration = table.getByRole('columnheader', { name: 'Duration' })
  await duration.getByRole('button').click()
  await table.getByRole('row').nth(1).click()
  await page.getByRole('tree', { name: 'Spans' }).waitFor()
  await page.goBack()
  await expect.poll(() => duration.getAttribute('aria-sort')).toBe('descending')
  expect(page.url()).toContain('sort=duration')
})
