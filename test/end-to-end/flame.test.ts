// One flame graph over all recordings: from the store to the screen, by service, endpoint, version and time.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { nodeCodec } from '../../src/collector/store/node-codec.ts'
import { encodeRecording } from '../../src/format/index.ts'
import { internSet } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { takePicture } from './picture.ts'
import { openScreen } from './screens.ts'
import { violations } from './violations.ts'

const hourMs = 3_600_000
const now = Date.now()

interface Run {
  letter: string
  service: string
  version: string
  startMs: number
  /** Samples of main, so many of them in each of its callees, by endpoint. */
  work: Record<string, Record<string, number>>
}

/** Of the runs with versions 1.1 and 1.2. */
const [old, young] = ['a'.repeat(26), 'b'.repeat(26)] as const
const readFile = 'read@/node_modules/pg/client.js'
const runs: Run[] = [
  {
    letter: 'a',
    service: 'shop',
    version: '1.1',
    startMs: now - 1.5 * hourMs,
    work: { 'GET /orders': { load: 40, send: 40 }, 'POST /carts': { parse: 20 } }
  },
  {
    letter: 'b',
    service: 'shop',
    version: '1.2',
    startMs: now - 0.5 * hourMs,
    work: { 'GET /orders': { load: 120, send: 20, check: 20 }, 'POST /carts': { parse: 40 } }
  },
  {
    letter: 'c',
    service: 'stock',
    version: '7',
    startMs: now - 50 * hourMs,
    work: { 'GET /stock': { [readFile]: 300 } }
  }
]

async function writeRun(store: string, { letter, service, version, startMs, work }: Run): Promise<void> {
  const cells = Object.entries(work).flatMap(([endpoint, parts]) =>
    Object.entries(parts).flatMap(([name, count]) =>
      Array.from({ length: count }, () => ({ endpoint, name }))
    )
  )
  const line = (texts: string[]): string => texts.map(text => text.padEnd(36)).join('')
  const text = [
    line(cells.map((_, i) => `${i}ms`)),
    line(cells.map(() => 'main')),
    line(cells.map(({ name }) => name))
  ].join('\n')
  const builder = builderFromText(text, BigInt(Math.floor(startMs)) * 1_000_000n)
  const sets = cells.map(({ endpoint }) => internSet(builder, { 'microlog.endpoint': endpoint }))
  builder
    .table('samples')
    .columns.find(({ name }) => name === 'attributes')!
    .array.set(sets)
  const recording = letter.repeat(26)
  const resource = { 'service.name': service, 'service.version': version }
  const bytes = await encodeRecording(builder.finish(), { recording, label: service, resource }, nodeCodec)
  mkdirSync(join(store, 'recordings', recording), { recursive: true })
  writeFileSync(join(store, 'recordings', recording, 'journal1-1-2.microlog'), bytes)
}

const running = collectorAndBrowser(async store => {
  for (const run of runs) await writeRun(store, run)
})
const nothingStored = collectorAndBrowser()

const { poll } = expect
const open = (query = '', expected?: RegExp, viewport = { width: 1440, height: 900 }): Promise<Page> =>
  openScreen(running.browser, running.collector.uiUrl, `/#/flame${query}`, expected, { viewport })
const graph = (page: Page) => page.getByRole('img', { name: 'Time by the calls that took it' })
const differences = (page: Page) => page.getByRole('img', { name: /^Calls of both/ })
const rows = (page: Page) => page.getByRole('table', { name: 'Functions by the time' }).getByRole('row')
const field = (page: Page, label: string) => page.getByRole('combobox', { name: label, exact: true })
const textsOf = (page: Page, label: string) => field(page, label).getByRole('option').allTextContents()
const queryOf = (page: Page) => Object.fromEntries(new URLSearchParams(page.url().split('?')[1]))
const heading = (page: Page) => page.getByRole('heading', { level: 2 }).first().textContent()

test('the way there, and down to one endpoint of one version, all of it in the address', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, '/#/traces')
  await page.getByRole('link', { name: 'Flame', exact: true }).click()
  await graph(page).waitFor()
  expect(await heading(page)).toBe('≈ 600 ms')
  await page.getByText('in 3 recordings').waitFor()
  expect(await rows(page).nth(1).innerText()).toMatch(/^read\s+pg › client\.js:1\s+≈ 300 ms\s+50\.0 %/)
  expect(await textsOf(page, 'Service')).toEqual(['all', 'shop', 'stock'])

  await field(page, 'Service').selectOption('shop')
  await poll(() => heading(page)).toBe('≈ 300 ms')
  expect(await textsOf(page, 'Version')).toEqual(['all', '1.2', '1.1'])
  expect(await textsOf(page, 'Endpoint')).toEqual(['all', 'GET /orders  ≈ 240 ms', 'POST /carts  ≈ 60.0 ms'])
  await field(page, 'Endpoint').selectOption('GET /orders')
  await poll(() => heading(page)).toBe('≈ 240 ms')
  await field(page, 'Version').selectOption('1.2')
  await poll(() => heading(page)).toBe('≈ 160 ms')
  expect(queryOf(page)).toEqual({ service: 'shop', endpoint: 'GET /orders', version: '1.2' })
  expect((await takePicture(graph(page))).colours).toBeGreaterThan(2)

  await page.reload()
  await poll(() => heading(page)).toBe('≈ 160 ms')
  expect(await field(page, 'Endpoint').inputValue()).toBe('GET /orders')
  await page.goBack()
  await poll(() => heading(page)).toBe('≈ 240 ms')
  // What is chosen of one service isn't asked of another.
  await field(page, 'Service').selectOption('stock')
  await poll(() => queryOf(page)).toEqual({ service: 'stock' })
  await poll(() => heading(page)).toBe('≈ 300 ms')
})

test('a time leaves out what was before it, and its end what came after', async () => {
  const page = await open('?service=shop')
  await poll(() => heading(page)).toBe('≈ 300 ms')
  await field(page, 'Time').selectOption('1h')
  await poll(() => heading(page)).toBe('≈ 200 ms')
  expect(await textsOf(page, 'Version')).toEqual(['all', '1.2'])
  await page.goto(`${running.collector.uiUrl}/#/flame?service=shop&to=${Math.floor(now - hourMs)}`)
  await poll(() => heading(page)).toBe('≈ 100 ms')
  await field(page, 'Time').selectOption('')
  await poll(() => heading(page)).toBe('≈ 300 ms')
})

test('by callers, without foreign code, and searched, as the flame graph of one recording', async () => {
  const page = await open()
  await page.getByLabel('Laid out from').selectOption('callees')
  await poll(async () => {
    await graph(page).focus()
    await page.keyboard.press('ArrowDown')
    return page.getByRole('status').innerText()
  }).toMatch(/^read .*≈ 300 ms, 50\.0 % .*300 samples$/)
  expect(queryOf(page)).toMatchObject({ top: 'functions' })
  const editor = page.getByRole('link', { name: 'Open in VS Code' })
  expect(await editor.getAttribute('href')).toBe('vscode://file/node_modules/pg/client.js:1:1')
  await page.getByLabel('only my code').check()
  await poll(() => rows(page).nth(1).innerText()).toMatch(/^main\s+app\.js:1\s+≈ 300 ms/)
  await page.getByRole('textbox', { name: 'Search functions' }).fill('parse')
  await poll(() => queryOf(page)).toEqual({ top: 'functions', hide: 'internals', q: 'parse' })
  const all = (await takePicture(graph(page))).colours
  await page.getByRole('textbox', { name: 'Search functions' }).fill('')
  await poll(async () => (await takePicture(graph(page))).colours).not.toBe(all)
})

test('a function leads to its line, and to the recording that it was seen in last', async () => {
  const page = await open(`?service=shop&endpoint=${encodeURIComponent('GET /orders')}&last=1d`)
  const load = rows(page).filter({ hasText: /^load/ })
  expect(await load.getByRole('link', { name: 'app.js:1' }).getAttribute('href')).toBe(
    'vscode://file/app.js:1:1'
  )
  await load.getByRole('link', { name: /^shop, / }).click()
  await poll(() => page.url()).toContain(`/#/r/${young}/flame`)
  expect(queryOf(page)).toEqual({ q: '^load .*//app\\.js$', endpoint: 'GET /orders' })
  await poll(() => heading(page)).toBe('≈ 160 ms')
})

test('the flame graph of a recording leads to that of all its service’s recordings, with what is chosen', async () => {
  const endpoint = 'GET /orders'
  const chosen = new URLSearchParams({ endpoint, from: 'callees', hide: 'internals', q: 'load' })
  const path = `/#/r/${young}/flame?${chosen}`
  const page = await openScreen(running.browser, running.collector.uiUrl, path)
  await poll(() => heading(page)).toBe('≈ 160 ms')
  const elsewhere = page.getByRole('link', { name: 'In all recordings of shop' })
  await elsewhere.click()
  await poll(() => heading(page)).toBe('≈ 240 ms')
  expect(queryOf(page)).toEqual({ service: 'shop', endpoint, hide: 'internals', top: 'functions', q: 'load' })
  await page.goBack()
  await poll(async () => {
    await graph(page).focus()
    await page.keyboard.press('ArrowDown')
    return page.getByRole('status').innerText()
  }).toMatch(/^load /)
  // The function that is selected is looked for there, and leads back.
  await elsewhere.click()
  await poll(() => queryOf(page)['q']).toBe('^load .*//app\\.js$')
  await rows(page)
    .filter({ hasText: /^load/ })
    .getByRole('link', { name: /^shop, / })
    .click()
  await poll(() => page.url()).toContain(`/#/r/${young}/flame`)
})

test('one version against another: what grew is warm, and the functions tell both figures', async () => {
  const page = await open('?service=shop&version=1.2')
  await graph(page).waitFor()
  await field(page, 'Compared with').selectOption({ label: 'version 1.1' })
  await differences(page).waitFor()
  expect(queryOf(page)).toEqual({ service: 'shop', version: '1.2', against: 'version:1.1' })
  const counts = page.getByRole('table', { name: 'Counts of both' }).getByRole('row')
  const textsOfRow = async (row: number) =>
    (
      await counts.nth(row).getByRole('rowheader').or(counts.nth(row).getByRole('cell')).allTextContents()
    ).map(text => text.trim())
  expect(await textsOfRow(1)).toEqual(['A: version 1.1', '1', '100 ms', '100'])
  expect(await textsOfRow(2)).toEqual(['B: version 1.2', '1', '200 ms', '200'])
  const functions = page.getByRole('table', { name: 'Functions of both' }).getByRole('row')
  expect(await functions.nth(2).getByRole('cell').allTextContents()).toEqual([
    'load',
    'app.js:1',
    '+20.0 pp',
    '40.0 %',
    '60.0 %',
    '40.0 %',
    '60.0 %',
    'AB'
  ])
  const seenIn = (name: string) => functions.getByRole('link', { name, exact: true })
  expect(await seenIn('load in A').getAttribute('href')).toContain(`#/r/${old}/flame?q=`)
  expect(await seenIn('load in B').getAttribute('href')).toContain(`#/r/${young}/flame?q=`)
  expect([await seenIn('check in A').count(), await seenIn('check in B').count()]).toEqual([0, 1])
  const picture = await takePicture(differences(page))
  const colourAt = (share: number) => picture.at(share * picture.width, 27)
  // Below main: load, send, parse, and check, which is new.
  expect([0.74, 0.99].map(colourAt)).toEqual(['#62b2f5', '#ff8a5c'])

  await page.getByLabel('Laid out from').selectOption('callees')
  await poll(async () => {
    await differences(page).focus()
    await page.keyboard.press('ArrowDown')
    return page.getByRole('status').innerText()
  }).toMatch(/^load .*40\.0 % \(40\.0 ms\) → 60\.0 % \(120 ms\)$/)
  await field(page, 'Compared with').selectOption('')
  await graph(page).waitFor()
})

test('a time against the one before it, which is as long', async () => {
  const page = await open('?service=shop&last=1h')
  await poll(() => heading(page)).toBe('≈ 200 ms')
  await field(page, 'Compared with').selectOption('before')
  await differences(page).waitFor()
  const counts = await page.getByRole('table', { name: 'Counts of both' }).innerText()
  expect(counts).toMatch(/A: .* – .*100 ms/)
  expect(counts).toMatch(/B: last hour.*200 ms/)
  // All of the time has none before it.
  await field(page, 'Time').selectOption('')
  await poll(() => heading(page)).toBe('≈ 300 ms')
  const before = field(page, 'Compared with').getByRole('option', { name: 'the time before' })
  expect(await before.getAttribute('disabled')).not.toBe(null)
})

test('a click on a function finds its calls in the graph, and another one lets go of them', async () => {
  const page = await open('?service=shop')
  const load = rows(page).getByRole('button', { name: 'load', exact: true })
  await load.click()
  await poll(() => queryOf(page)['q']).toBe('^load .*//app\\.js$')
  expect(await load.getAttribute('aria-pressed')).toBe('true')
  expect(await page.getByRole('textbox', { name: 'Search functions' }).inputValue()).toBe(queryOf(page)['q'])
  await load.click()
  await poll(() => queryOf(page)['q']).toBe(undefined)
  expect(await load.getAttribute('aria-pressed')).toBe('false')
})

test('the ways out of a comparison lead to the time of their side', async () => {
  const from = Math.floor(now - 0.5 * hourMs)
  const seenIn = async (name: string): Promise<string | undefined> => {
    const page = await open(`?service=shop&from=${from + 80}&to=${from + 160}&against=before`)
    const functions = page.getByRole('table', { name: 'Functions of both' })
    await functions.getByRole('link', { name, exact: true }).click()
    await poll(() => page.url()).toContain(`/#/r/${young}/flame`)
    return queryOf(page)['t']
  }
  expect(await seenIn('load in A')).toBe('0-0.08')
  expect(await seenIn('load in B')).toBe('0.08-0.16')
})

test('the way to a function leads another tab to the same time', async () => {
  const from = Math.floor(now - 0.5 * hourMs)
  const page = await open(`?service=shop&from=${from + 80}&to=${from + 160}&against=before`)
  const way = page.getByRole('link', { name: 'load in B', exact: true })
  await way.hover()
  await poll(() => way.getAttribute('href')).toContain('&t=0.08-0.16')
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    way.click({ modifiers: ['Control'] })
  ])
  expect(tab.url()).toContain('&t=0.08-0.16')
  const other = page.getByRole('link', { name: 'load in A', exact: true })
  await other.focus()
  await poll(() => other.getAttribute('href')).toContain('&t=0-0.08')
})

test.each([
  ['a range without any profile', '?from=1000&to=2000', 'No profile in that range'],
  ['a service that is not there', '?service=nobody', 'No profile fits'],
  ['a comparison with what is not there', '?service=shop&version=1.2&against=version:0', 'No samples in A']
])('%s is told', async (_, query, title) => {
  const page = await open(query)
  await poll(() => heading(page)).toBe(title)
})

test('who clears the filters sees all', async () => {
  const page = await open('?service=nobody&last=1h')
  expect(await field(page, 'Service').inputValue()).toBe('nobody')
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await poll(() => heading(page)).toBe('≈ 600 ms')
  expect(queryOf(page)).toEqual({})
})

test('where nothing was ever profiled, it says how to begin', async () => {
  const { browser, collector } = nothingStored
  const page = await openScreen(browser, collector.uiUrl, '/#/flame')
  await poll(() => heading(page)).toBe('No profiles here')
  await page.getByText(`MICROLOG_SERVER=${collector.uiUrl} npx microlog run`).waitFor()
})

test('a question that fails says why, and Retry asks again', async () => {
  const page = await open('?last=soon', /Failed to load resource/)
  await graph(page).waitFor()
  await page.route('**/api/flame*', route => route.abort())
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.getByRole('alert').waitFor()
  // What was there stays.
  expect(await graph(page).count()).toBe(1)
  await page.reload()
  await poll(() => heading(page)).toBe('The flame graph could not be made')
  await page.unroute('**/api/flame*')
  await page.getByRole('button', { name: 'Retry' }).click()
  await graph(page).waitFor()
})

test.each([1440, 1024, 400])(
  'at %i px nothing is wider than the window, and its parts have names',
  async width => {
    for (const query of ['?service=shop', '?service=shop&version=1.2&against=version:1.1&last=1d']) {
      const page = await open(query, undefined, { width, height: 800 })
      await page.getByRole('img').waitFor()
      for (const part of ['html', 'main']) {
        const wide = await page.locator(part).evaluate(element => element.scrollWidth > element.clientWidth)
        expect(wide, part).toBe(false)
      }
      expect(await violations(page, 'main')).toEqual([])
    }
  }
)
