// The timeline under the hands of a person: pointer, wheel and keys, on a real profile of a busy server.
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { takePicture } from './picture.ts'
import { openScreen } from './screens.ts'
import { violations } from './violations.ts'

const profile = new URL('../fixtures/cpuprofiles/http-1ms.cpuprofile', import.meta.url)
const running = collectorAndBrowser()
let id: string

beforeAll(async () => {
  const answer = await fetch(`${running.collector.uiUrl}/api/import?name=http-1ms.cpuprofile`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: readFileSync(profile)
  })
  id = ((await answer.json()) as { ids: string[] }).ids[0]!
}, 120_000)

const flame = (page: Page) => page.getByRole('img', { name: /^Calls of thread main/ })
const popup = (page: Page) => page.getByRole('dialog', { name: /^Call of / })

async function openTimeline(query = ''): Promise<Page> {
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/r/${id}/timeline${query}`)
  await flame(page).waitFor()
  return page
}

/** The stretch in the address, in seconds; undefined where it is everything. */
function shown(page: Page): [from: number, to: number] | undefined {
  const match = /[?&]t=(-?[\d.]+)-(-?[\d.]+)/.exec(page.url())
  return match ? [Number(match[1]), Number(match[2])] : undefined
}

/** Seconds; NaN where the address says everything. */
function width(page: Page): number {
  const [from, to] = shown(page) ?? [NaN, NaN]
  return to - from
}

/** A place on the chart by its share of the width, and pixels from its top. */
async function place(page: Page, share: number, y: number): Promise<{ x: number; y: number }> {
  const box = (await flame(page).boundingBox())!
  return { x: box.x + share * box.width, y: box.y + y }
}

test('on a small screen the search stays where it is while one types, and so does what lies below', async () => {
  const page = await openTimeline()
  await page.setViewportSize({ width: 1024, height: 768 })
  const field = page.getByLabel('Search calls, spans, logs')
  const places = async () => [
    await field.boundingBox(),
    await page.getByLabel('only my code').boundingBox(),
    await flame(page).boundingBox()
  ]
  const before = await places()
  await field.fill('e')
  await expect.poll(() => page.getByRole('status').first().innerText()).toMatch(/calls, 0 spans, 0 logs$/)
  await page.getByRole('button', { name: 'Next match' }).waitFor()
  expect(await places()).toEqual(before)
})

test('a drag zooms to what it brushed, Back returns, and the whole recording is a key away', async () => {
  const page = await openTimeline('?t=10-30')
  const [from, to] = [await place(page, 0.25, 40), await place(page, 0.5, 40)]
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await page.mouse.up()
  await expect.poll(() => shown(page)?.map(Math.round)).toEqual([15, 20])
  expect(await popup(page).count()).toBe(0)
  await page.goBack()
  await expect.poll(() => shown(page)).toEqual([10, 30])
  await page.keyboard.press('0')
  await expect.poll(() => shown(page)).toBeUndefined()
})

test('ctrl-wheel zooms around the time under the pointer, shift-wheel and shift-drag pan', async () => {
  const page = await openTimeline('?t=10-30')
  const pointer = await place(page, 0.25, 40)
  await page.mouse.move(pointer.x, pointer.y)
  await page.keyboard.down('Control')
  await page.mouse.wheel(0, -200)
  await page.keyboard.up('Control')
  await expect.poll(() => width(page)).toBeLessThan(15)
  const [zoomedFrom, zoomedTo] = shown(page)!
  expect(zoomedFrom + (zoomedTo - zoomedFrom) * 0.25).toBeCloseTo(15, 1)
  await page.keyboard.down('Shift')
  await page.mouse.wheel(0, 150)
  await expect.poll(() => shown(page)![0]).toBeGreaterThan(zoomedFrom + 0.1)
  const panned = shown(page)![0]
  await page.mouse.down()
  await page.mouse.move(pointer.x + 300, pointer.y, { steps: 4 })
  await page.mouse.up()
  await page.keyboard.up('Shift')
  await expect.poll(() => shown(page)![0]).toBeLessThan(panned)
  expect(width(page)).toBeCloseTo(zoomedTo - zoomedFrom, 2)
})

test('W and S zoom, A and D pan, F fits the selected call', async () => {
  const page = await openTimeline('?t=10-30')
  await page.keyboard.press('w')
  await expect.poll(() => width(page)).toBeLessThan(14)
  await page.keyboard.press('s')
  await expect.poll(() => width(page)).toBeGreaterThan(19)
  await page.keyboard.press('d')
  await expect.poll(() => shown(page)![0]).toBeGreaterThan(13)
  await page.keyboard.press('a')
  await expect.poll(() => shown(page)![0]).toBeLessThan(11)
  await page.getByRole('button', { name: /^All / }).click()
  await flame(page).focus()
  await page.keyboard.press('ArrowDown')
  await popup(page).waitFor()
  await page.keyboard.press('f')
  await expect.poll(() => width(page)).toBeLessThan(1)
})

test('a click tells about a call, Escape closes that, arrows walk on, and Enter zooms to it', async () => {
  const page = await openTimeline('?t=2.5-2.7')
  await flame(page).focus()
  await page.keyboard.press('ArrowDown')
  await popup(page).waitFor()
  const first = await popup(page).getByRole('heading', { level: 2 }).textContent()
  await expect.poll(() => popup(page).textContent()).toMatch(/Duration ≈ [\d.]+ ms/)
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => popup(page).getByRole('heading', { level: 2 }).textContent()).not.toBe(first)
  await expect.poll(() => page.url()).toContain('sel=call')
  await page.keyboard.press('Escape')
  await expect.poll(() => popup(page).count()).toBe(0)
  await expect.poll(() => page.url()).not.toContain('sel=')
  await flame(page).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(() => width(page)).toBeLessThan(0.1)
})

test('what lies under the pointer is told beside it, but not during a drag', async () => {
  const page = await openTimeline('?t=2.5-2.7')
  await flame(page).focus()
  await page.keyboard.press('ArrowDown')
  await popup(page).waitFor()
  await page.keyboard.press('f')
  await page.keyboard.press('Escape')
  await expect.poll(() => popup(page).count()).toBe(0)
  const { x, y } = await place(page, 0.5, 5)
  await page.mouse.move(x, y)
  const tip = page.locator('.tip')
  await tip.waitFor()
  expect(await tip.textContent()).toMatch(/≈ [\d.]+ \S?s/)
  await page.mouse.down()
  await page.mouse.move(x + 30, y, { steps: 3 })
  expect(await tip.count()).toBe(0)
  await page.mouse.up()
})

test('what was under the pointer is told no more once the picture has moved away from under it', async () => {
  const page = await openTimeline('?t=2-3')
  const { x, y } = await place(page, 0.5, 5)
  const tip = page.locator('.tip')
  await page.mouse.move(x, y)
  for (let at = 0.05; at < 1 && (await tip.count()) === 0; at += 0.01) {
    await page.mouse.move((await place(page, at, 5)).x, y)
  }
  await tip.waitFor()
  await page.keyboard.press('d')
  await expect.poll(() => tip.count()).toBe(0)
})

test('Backspace goes back brush by brush', async () => {
  const page = await openTimeline('?t=10-30')
  const brush = async (share: number) => {
    const [from, to] = [await place(page, 0.25, 40), await place(page, 0.25 + share, 40)]
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(to.x, to.y, { steps: 4 })
    await page.mouse.up()
  }
  await brush(0.5)
  await expect.poll(() => shown(page)?.map(Math.round)).toEqual([15, 25])
  await brush(0.5)
  await expect.poll(() => width(page)).toBeLessThan(6)
  await page.keyboard.press('Backspace')
  await expect.poll(() => shown(page)?.map(Math.round)).toEqual([15, 25])
  await page.keyboard.press('Backspace')
  await expect.poll(() => shown(page)).toEqual([10, 30])
})

test('Escape in the search closes the popup first, then clears what was typed', async () => {
  const page = await openTimeline('?t=2-3')
  await page.keyboard.press('/')
  await page.keyboard.type('preHandlerCallbackInner')
  await expect.poll(() => page.getByRole('status').first().textContent()).toMatch(/calls/)
  await page.keyboard.press('Enter')
  await popup(page).waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => popup(page).count()).toBe(0)
  const typed = page.getByLabel('Search calls, spans, logs')
  expect(await typed.inputValue()).toBe('preHandlerCallbackInner')
  await page.keyboard.press('Escape')
  expect(await typed.inputValue()).toBe('')
})

test('? tells the keys, and Escape closes that', async () => {
  const page = await openTimeline()
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await expect.poll(() => keys.textContent()).toContain('next and previous match')
  await page.keyboard.press('Escape')
  await expect.poll(() => keys.count()).toBe(0)
  await page.getByRole('button', { name: 'Keys' }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('[role="dialog"]:focus').count()).toBe(1)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('button[aria-label="Keys"]:focus').count()).toBe(1)
})

test('an address of a heap that wasn’t recorded says so', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/r/${id}/heap`)
  await page.getByText('No heap profile in this recording').waitFor()
})

test('a search greys what it does not match, counts what it does, and Enter goes from match to match', async () => {
  const page = await openTimeline('?t=2-3')
  const before = await takePicture(flame(page))
  await page.keyboard.press('/')
  await page.keyboard.type('preHandlerCallbackInner')
  await expect
    .poll(() => page.getByRole('status').first().textContent())
    .toMatch(/[\d,]+ calls, 0 spans, 0 logs/)
  await expect.poll(async () => (await takePicture(flame(page))).colours).toBeLessThan(before.colours)
  await page.keyboard.press('Enter')
  await expect
    .poll(() => popup(page).getByRole('heading', { level: 2 }).textContent())
    .toMatch('preHandlerCallbackInner')
  await expect.poll(() => page.getByRole('status').first().textContent()).toMatch(/^\s*1 of/)
})

test('only my code leaves the server’s own functions, and the address keeps that', async () => {
  const page = await openTimeline('?t=2-3')
  const tall = (await flame(page).boundingBox())!.height
  await page.getByLabel('only my code').check()
  await expect.poll(async () => (await flame(page).boundingBox())!.height).toBeLessThan(tall / 2)
  await expect.poll(() => page.url()).toContain('hide=internals')
  await page.reload()
  await flame(page).waitFor()
  expect(await page.getByLabel('only my code').isChecked()).toBe(true)
})

test('a thread folds away and the overview’s window moves the axis', async () => {
  const page = await openTimeline('?t=10-20')
  const overview = (await page.getByRole('img', { name: /^How busy the threads were/ }).boundingBox())!
  const middle = overview.x + (15 / 69) * overview.width
  await page.mouse.move(middle, overview.y + 20)
  await page.mouse.down()
  await page.mouse.move(middle + overview.width / 4, overview.y + 20, { steps: 4 })
  await page.mouse.up()
  await expect.poll(() => shown(page)![0]).toBeGreaterThan(20)
  expect(width(page)).toBeCloseTo(10, 1)
  await page.getByRole('checkbox', { name: 'main' }).uncheck()
  await expect.poll(() => flame(page).count()).toBe(0)
  await expect.poll(() => page.url()).toContain('threads=0')
})

test('says what a recording lacks, and can be read by assistive technology', async () => {
  const page = await openTimeline()
  for (const text of [
    'No spans in this recording',
    'No logs in this recording',
    'No CPU, memory or event loop'
  ]) {
    await page.getByText(text).waitFor()
  }
  expect(await violations(page, '.timeline')).toEqual([])
})
