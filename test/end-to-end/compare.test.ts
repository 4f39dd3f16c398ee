// Two runs of a program side by side: from the store to the screen.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { encodeRun } from '../helpers/encode-run.ts'
import { pushSpan } from '../helpers/push-rows.ts'
import type { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { takePicture } from './picture.ts'
import { openScreen } from './screens.ts'
import { violations } from './violations.ts'

/** Samples of main, so many of them in each of its callees. */
function samplesOf(parts: Record<string, number>): string {
  const cells = Object.entries(parts).flatMap(([name, count]) => Array<string>(count).fill(name))
  const line = (texts: string[]): string => texts.map(text => text.padEnd(10)).join('')
  return [line(cells.map((_, i) => `${i}ms`)), line(cells.map(() => 'main')), line(cells)].join('\n')
}

const [before, after, silent] = ['a', 'b', 's'].map(letter => letter.repeat(26)) as [string, string, string]
const spanOf = (ms: number) => (builder: RecordingBuilder) => void pushSpan(builder, 'x', 0, ms)

const running = collectorAndBrowser(async store => {
  const runs = [
    await encodeRun('a', samplesOf({ load: 40, send: 40, parse: 20 }), spanOf(10)),
    await encodeRun('b', samplesOf({ load: 120, send: 20, parse: 40, check: 20 }), spanOf(50), {
      'service.version': '1.2'
    }),
    await encodeRun('s', '0ms\n(idle)', spanOf(5))
  ]
  for (const { id, bytes } of runs) {
    mkdirSync(join(store, 'recordings', id), { recursive: true })
    writeFileSync(join(store, 'recordings', id, 'journal1-1-2.microlog'), bytes)
  }
})

const open = (query: string, expected?: RegExp): Promise<Page> =>
  openScreen(running.browser, running.collector.uiUrl, `/#/compare${query}`, expected)
const graph = (page: Page) => page.getByRole('img', { name: /^Calls of both/ })
const functions = (page: Page) => page.getByRole('table', { name: 'Functions of both' })
const names = (page: Page) => functions(page).getByRole('button', { name: /^(main|load|send|parse|check)$/ })
const titleOf = (page: Page) => page.getByRole('heading', { level: 2 }).first().textContent()
const queryOf = (page: Page) => Object.fromEntries(new URLSearchParams(page.url().split('?')[1]))
/** Of the bars, in the middle of their height: main above send, parse and check. */
async function colours(page: Page): Promise<string[]> {
  const picture = await takePicture(graph(page))
  const places = [
    [0.99, 9],
    [0.74, 27],
    [0.94, 27],
    [0.99, 27]
  ] as const
  return places.map(([share, y]) => picture.at(share * picture.width, y))
}
/** Of the dark theme. */
const [grew, same, shrank, faded] = ['#ff8a5c', '#a7afba', '#62b2f5', '#333b47']

test('the way from a recording to what changed since another one', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/r/${after}/timeline`)
  await page.getByRole('link', { name: 'Compare with …' }).click()
  await page.getByRole('heading', { name: 'Choose two recordings' }).waitFor()
  const picker = page.getByRole('combobox', { name: 'Recording A' })
  await expect.poll(() => picker.locator('option').count()).toBeGreaterThan(3)
  await picker.selectOption(before)
  await graph(page).waitFor()
  expect(queryOf(page)).toEqual({ a: before, b: after })
  expect((await names(page).allTextContents()).slice(0, 3)).toEqual(['send', 'load', 'check'])
  const cells = await functions(page).getByRole('row').nth(2).getByRole('cell').allTextContents()
  expect(cells).toEqual(['load', 'app.js:1', '+20.0 pp', '40.0 %', '60.0 %', '40.0 %', '60.0 %', 'AB'])
  const span = page.getByRole('table', { name: 'Span names of both' }).getByRole('row').nth(1)
  expect(await span.textContent()).toContain('x+40.0 ms10.0 ms50.0 ms')
  await page.goBack()
  await page.getByRole('heading', { name: 'Choose two recordings' }).waitFor()
})

test('versions are told where there are any', async () => {
  const page = await open(`?a=${before}&b=${after}`)
  const counts = page.getByRole('table', { name: 'Counts of both' })
  await counts.waitFor()
  const heads = () => counts.getByRole('rowheader').allTextContents()
  expect((await heads()).map(text => text.trim())).toEqual(['A: no version', 'B: version 1.2', 'Change'])
  await page.getByRole('combobox', { name: 'Recording B' }).selectOption(silent)
  await page.getByRole('heading', { name: /^No samples in B/ }).waitFor()
  expect((await heads()).map(text => text.trim())).toEqual(['A', 'B', 'Change'])
})

test('the graph has the colours of what grew and what shrank, and tells both figures', async () => {
  const page = await open(`?a=${before}&b=${after}`)
  await graph(page).waitFor()
  const box = (await graph(page).boundingBox())!
  // load is the widest callee of main, and so the first one below it.
  await page.mouse.move(box.x + box.width * 0.1, box.y + 27)
  const tip = page.getByText('load app.js:1, 40.0 % (40.0 ms) → 60.0 % (120 ms)', { exact: true })
  await tip.waitFor()
  await page.mouse.click(box.x + box.width * 0.1, box.y + 27)
  await expect
    .poll(() => page.getByRole('status').textContent())
    .toContain('itself 40.0 % (40.0 ms) → 60.0 % (120 ms)')
  expect(await colours(page)).toEqual([same, shrank, same, grew])
})

test('a row that is clicked stands out in the graph, and a second click lets go of it', async () => {
  const page = await open(`?a=${before}&b=${after}`)
  await graph(page).waitFor()
  const row = names(page).filter({ hasText: 'check' })
  await row.click()
  expect(await row.getAttribute('aria-pressed')).toBe('true')
  await expect.poll(() => colours(page)).toEqual([faded, faded, faded, grew])
  await row.click()
  expect(await row.getAttribute('aria-pressed')).toBe('false')
  await expect.poll(() => colours(page)).toEqual([same, shrank, same, grew])
})

test('a function leads to the flame graph of each recording that has it', async () => {
  const page = await open(`?a=${before}&b=${after}`)
  await graph(page).waitFor()
  const wayTo = (name: string) => functions(page).getByRole('link', { name, exact: true })
  expect(await wayTo('check in A').count()).toBe(0)
  await wayTo('check in B').click()
  await page.getByRole('img', { name: 'Time by the calls that took it' }).waitFor()
  expect(page.url()).toContain(`/#/r/${after}/flame`)
  expect(queryOf(page)).toEqual({ q: '^check .*//app\\.js$' })
  await page.goBack()
  await wayTo('load in A').click()
  await expect.poll(() => page.url()).toContain(`/#/r/${before}/flame`)
})

test('filter, order and measure are in the address, and a reload keeps them', async () => {
  const page = await open(`?a=${before}&b=${after}`)
  await page.getByRole('textbox', { name: 'Filter by regular expression' }).fill('^(send|load|main)')
  await expect.poll(() => names(page).allTextContents()).toEqual(['send', 'load', 'main'])
  await functions(page).getByRole('button', { name: 'Total B' }).click()
  await expect.poll(() => names(page).allTextContents()).toEqual(['main', 'load', 'send'])
  await page.getByRole('button', { name: 'Time', exact: true }).click()
  await expect.poll(() => queryOf(page)).toMatchObject({ q: '^(send|load|main)', sort: 'totalB', as: 'time' })
  await page.reload()
  await expect.poll(() => names(page).allTextContents()).toEqual(['main', 'load', 'send'])
  expect(await functions(page).getByRole('row').nth(1).textContent()).toContain('200 ms')
})

test('A and B change places', async () => {
  const page = await open(`?a=${before}&b=${after}`)
  const change = functions(page).getByRole('row').filter({ hasText: 'load' }).getByRole('cell').nth(2)
  await expect.poll(() => change.textContent()).toBe('+20.0 pp')
  await page.getByRole('button', { name: 'Swap A and B' }).click()
  await expect.poll(() => change.textContent()).toBe('−20.0 pp')
  expect(queryOf(page)).toEqual({ a: after, b: before })
  await page.goBack()
  await expect.poll(() => change.textContent()).toBe('+20.0 pp')
})

test.each([
  ['one is chosen only', `?b=${after}`, 'Choose two recordings'],
  ['both are the same', `?a=${after}&b=${after}`, 'A and B are the same recording'],
  ['one has no samples', `?a=${silent}&b=${after}`, 'No samples in A'],
  ['one is not there', `?a=${before}&b=${'z'.repeat(26)}`, 'Recording B could not be shown'],
  ['one is no id', `?a=${encodeURIComponent('../x')}&b=${after}`, '../x is no recording']
])('where %s, the page says so', async (_, query, title) => {
  const page = await open(query, /404/)
  await expect.poll(() => titleOf(page)).toBe(title)
})

test('its parts have names, roles and contrast', async () => {
  const page = await open(`?a=${before}&b=${after}`)
  await graph(page).waitFor()
  expect(await violations(page, 'main')).toEqual([])
})
