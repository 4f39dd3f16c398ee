// A recording saved as a page of its own, opened from a disk: all of it is in the file, and nothing leaves it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportRecording } from '../../src/collector/exchange/export-recording.ts'
import { encodeRecording, openRecording } from '../../src/format/index.ts'
import { memorySource } from '../../src/format/memory-source.ts'
import { launchBrowser } from '../../scripts/browser.mjs'
import { nodeCodec } from '../helpers/node-codec.ts'
import { internSet, pushLog, pushSeries, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText, spanReference } from '../helpers/recording-from-text.ts'
import { takePicture } from './picture.ts'
import { openScreen } from './screens.ts'

const id = 'copy'.padEnd(26, '0')
const hostile = '</script><script>alert(1)</script><!--'
const label = `copied ${hostile}`
let browser: Browser
const folder = mkdtempSync(join(tmpdir(), 'microlog-copy-'))
const page = pathToFileURL(join(folder, 'copy.html')).href

beforeAll(async () => {
  writeFileSync(
    join(folder, 'copy.html'),
    Buffer.concat([...(await exportRecording([await recordingFile()], 'html'))])
  )
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function recordingFile() {
  const builder = builderFromText('0ms   10ms  20ms\nmain  main  main\nwork  rest  work')
  pushSpan(builder, 'a', 1, 9, '', { attributes: internSet(builder, { 'http.route': '/orders' }) })
  pushSpan(builder, 'b', 12, 13)
  pushSeries(builder, 'process.cpu.utilization', { 0: 0.1, 10: 0.9, 20: 0.5 })
  for (let i = 0; i < 200; i++) pushLog(builder, i / 10, `line ${i}`, { uid: `log-${i}`, letter: 'a' })
  pushLog(builder, 5, `needle ${hostile}`, { severity: 17 })
  const meta = { recording: id, label, resource: { 'service.name': 'shop', 'microlog.label': hostile } }
  return openRecording(memorySource(await encodeRecording(builder.snapshot(), meta, nodeCodec)), nodeCodec)
}

const open = (address = ''): Promise<Page> => openScreen(browser, page, address)

test('its analysis says where the time went, and gives a prompt', async () => {
  const screen = await open(`#/r/${id}/analysis`)
  await expect.poll(() => screen.getByRole('table').first().innerText()).toMatch(/work[^]*app\.js:1/)
  expect(await screen.locator('pre').innerText()).toMatch(/## Functions[^]*\| work \|/)
})

test('its design page shows the parts of the program', async () => {
  const screen = await open(`#/r/${id}/design`)
  await screen
    .getByRole('list', { name: 'Parts' })
    .getByRole('button', { name: /^app\.js/ })
    .click()
  const part = screen.getByRole('region', { name: 'Selected part' })
  await expect.poll(() => part.innerText()).toMatch(/3 functions[^]*work/)
  const painted = screen.getByRole('img', { name: /^How the parts/ })
  await expect.poll(async () => (await takePicture(painted)).colours).toBeGreaterThan(3)
})

test('it opens at the timeline, which paints, and says that it is a copy', async () => {
  const screen = await open()
  await expect.poll(() => screen.locator('h1').innerText()).toBe(label)
  expect(screen.url()).toBe(`${page}#/r/${id}/timeline`)
  await expect.poll(() => screen.locator('header.top').innerText()).toContain('Copy of a recording of')
  await expect
    .poll(async () =>
      Math.max(...(await takePicture(screen.getByRole('img', { name: /^Calls of thread main/ }))).drawn)
    )
    .toBeGreaterThan(0.1)
  expect(await screen.title()).toBe(`${label} – Microlog`)
})

test('nothing in it leads to other recordings, deletes, imports or waits for more', async () => {
  const screen = await open()
  await expect.poll(() => screen.locator('canvas').count()).toBeGreaterThan(1)
  expect(await screen.getByLabel('List of recordings').count()).toBe(0)
  expect(
    await screen.locator('a[href="#/"], a[href="#/traces"], aside, .live, input[type=file]').count()
  ).toBe(0)
  const hrefs = await screen.locator('a').evaluateAll(links => links.map(link => link.getAttribute('href')))
  for (const href of hrefs) expect(href).toMatch(/^(#\/r\/|#\/t\/|vscode:)/)
})

test('a line of the log is found, and its text stays text', async () => {
  const screen = await open(`#/r/${id}/log`)
  await expect.poll(() => screen.locator('.total').innerText()).toBe('201 entries')
  await screen.getByLabel('Search by regular expression').fill('^needle')
  await expect.poll(() => screen.locator('.total').innerText()).toBe('1 of 201 entries')
  await expect.poll(() => screen.locator('article', { hasText: 'needle' }).innerText()).toContain(hostile)
})

test('its traces are listed and filtered, and open', async () => {
  const screen = await open(`#/r/${id}/traces`)
  const rows = screen.locator('[role=row] a')
  await expect.poll(() => rows.count()).toBe(1)
  await screen.getByLabel('Attribute').fill('http.route:/carts')
  await expect.poll(() => rows.count()).toBe(0)
  await screen.getByLabel('Attribute').fill('http.route:/orders')
  await expect.poll(() => rows.count()).toBe(1)
  await rows.click()
  await expect.poll(() => screen.url()).toBe(`${page}#/t/${traceId('a')}`)
  await expect.poll(() => screen.getByRole('button', { name: 'line 1', exact: true }).count()).toBe(1)
  expect(await screen.getByRole('button', { name: 'OTLP' }).count()).toBe(0)
})

function traceId(letter: string): string {
  return Buffer.from(spanReference(letter).traceId).toString('hex')
}
