// The way in: an empty store, the first file, the list of recordings, and what is hostile in it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Collector } from '../../src/collector/api.ts'
import { createCollector } from '../../src/collector/index.ts'
import { launchBrowser } from '../../scripts/browser.mjs'
import { takePicture } from './picture.ts'
import { openScreen } from './screens.ts'
import { violations } from './violations.ts'

const profile = fileURLToPath(new URL('../fixtures/cpuprofiles/http-10ms.cpuprofile', import.meta.url))
const poll = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

let browser: Browser
let store: string
let collector: Collector

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

beforeEach(async ({ onTestFinished }) => {
  store = mkdtempSync(join(tmpdir(), 'microlog-home-'))
  collector = await createCollector({ store, port: 0, otlpPort: 0 })
  onTestFinished(async () => {
    await collector.close()
    rmSync(store, { recursive: true, force: true })
  })
})

const open = (path: string, expected?: RegExp): Promise<Page> =>
  openScreen(browser, collector.uiUrl, path, expected)

test('an empty store shows the commands that fill it, for this very collector', async () => {
  const page = await open('/#/')
  await page.getByRole('heading', { name: 'No recordings yet' }).waitFor()
  const commands = await page.locator('pre').allInnerTexts()
  expect(commands).toContain(`MICROLOG_SERVER=${collector.uiUrl} npx microlog run my-app app.js`)
  await poll(async () => (await page.locator('pre').allInnerTexts()).join()).toContain(
    `OTEL_EXPORTER_OTLP_ENDPOINT=${collector.otlpUrl} `
  )
  expect(await violations(page)).toEqual([])
  const { drawn } = await takePicture(page)
  expect(Math.max(...drawn)).toBeGreaterThan(0.02)
})

test('a dropped file is imported and shown', async () => {
  const page = await open('/#/')
  await page.getByRole('heading', { name: 'No recordings yet' }).waitFor()
  const text = readFileSync(profile, 'utf8')
  const files = await page.evaluateHandle(content => {
    const transfer = new (globalThis as unknown as { DataTransfer: new () => Transfer }).DataTransfer()
    interface Transfer {
      items: { add(file: File): void }
    }
    transfer.items.add(new File([content], 'http.cpuprofile'))
    return transfer
  }, text)
  await page.dispatchEvent('body', 'dragover', { dataTransfer: files })
  await page.getByText('Drop to import').waitFor()
  await page.dispatchEvent('body', 'drop', { dataTransfer: files })
  await poll(() => page.url()).toMatch(/#\/r\/[0-9a-z]{26}\/timeline/)
  const flame = page.locator('.flame canvas').first()
  await poll(async () => (await takePicture(flame)).colours).toBeGreaterThan(20)
})

test('a file that is nothing we read says so and changes nothing', async () => {
  await sendLog('hello')
  const page = await open('/#/', /status of 400/)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Import' }).click()
  await (
    await chooser
  ).setFiles({ name: 'cat.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a recording') })
  await poll(() => page.getByRole('alert').innerText()).toMatch(/^cat\.jpg: /)
  expect(await page.getByRole('treeitem').count()).toBe(2)
})

test('what the figures are stands right below the last row, and one recording’s errors are told once', async () => {
  await sendLog('one', 'orders', 17)
  const page = await open('/#/')
  const note = page.getByText('Errors are logs of level error')
  const last = (await page.getByRole('treeitem').nth(1).boundingBox())!
  const { y } = (await note.boundingBox())!
  expect(y - (last.y + last.height)).toBeLessThan(20)
  const label = page.getByRole('treeitem').first()
  expect(await label.innerText()).not.toContain('error')
  await label.click()
  await poll(() => label.innerText()).toContain('1 error')
})

test('a collector that stops answering is told of, over an empty store as over a list', async () => {
  const page = await open('/#/', /Failed to load resource|load preload assets/)
  await page.getByRole('heading', { name: 'No recordings yet' }).waitFor()
  const compared = await open('/#/compare')
  await compared.getByRole('heading', { name: 'No recordings yet' }).waitFor()
  await compared.getByRole('link', { name: 'See how to make one' }).click()
  await compared.getByRole('heading', { name: 'Record a program' }).waitFor()
  const alert = page.getByRole('alert')
  await page.context().setOffline(true)
  await poll(() => alert.allInnerTexts()).toEqual([expect.stringContaining('No answer from the collector')])
  expect(await violations(page)).toEqual([])
  await page.context().setOffline(false)
  await poll(() => alert.count()).toBe(0)

  await sendLog('one')
  await page.getByRole('treeitem').first().waitFor()
  await page.context().setOffline(true)
  await poll(() => alert.allInnerTexts()).toEqual([expect.stringContaining('No answer from the collector')])
  expect(await page.getByRole('treeitem').count()).toBe(2)
})

test('a recording that goes on is not called live while the collector does not answer', async () => {
  await sendLog('one')
  const page = await open('/#/', /Failed to load resource|load preload assets/)
  await page.locator('.row.run').click()
  const live = page.locator('header').getByText('● live')
  await live.waitFor()
  await page.getByRole('link', { name: 'Log', exact: true }).click()
  await page.locator('article').waitFor()
  const alert = page.getByRole('alert')
  await page.context().setOffline(true)
  await poll(() => alert.allInnerTexts()).toEqual([expect.stringContaining('No answer from the collector')])
  expect(await live.count()).toBe(0)
  expect(await page.locator('article').count()).toBe(1)
  // What comes meanwhile is there afterwards.
  await sendLog('two')
  await page.context().setOffline(false)
  await poll(() => page.locator('article').count()).toBe(2)
  await live.waitFor()
  expect(await alert.count()).toBe(0)
})

test('the tree is filtered, walked by keys, and a recording is deleted after a question', async () => {
  await sendLog('one', 'orders')
  await sendLog('two', 'billing')
  const page = await open('/#/')
  const rows = page.getByRole('treeitem')
  await poll(() => rows.count()).toBe(4)
  // By which those of a cluster are told apart.
  expect(await page.locator('.row.run').first().innerText()).toContain('pid 4711')
  expect(await violations(page)).toEqual([])

  await page.keyboard.press('/')
  await page.keyboard.type('^ord')
  await poll(() => rows.count()).toBe(2)
  await poll(() => page.url()).toContain('q=^ord')
  await page.keyboard.press('Enter')
  await poll(() => page.locator(':focus').innerText()).toContain('orders')
  await page.keyboard.press('ArrowLeft')
  await poll(() => rows.count()).toBe(1)
  await page.keyboard.press('ArrowRight')
  await poll(() => rows.count()).toBe(2)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Delete')
  const question = page.getByRole('dialog')
  await poll(() => question.innerText()).toContain('Delete this recording of orders?')
  await question.getByRole('button', { name: 'Cancel' }).click()
  await poll(() => question.count()).toBe(0)
  expect(await rows.count()).toBe(2)
  await page.locator('.row.run').hover()
  await page.getByRole('button', { name: /^Delete the recording/ }).click()
  await question.getByRole('button', { name: 'Delete' }).click()
  await poll(() => page.getByText('No recording matches').count()).toBe(1)
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await poll(() => rows.allInnerTexts()).toHaveLength(2)
  expect((await rows.allInnerTexts()).join()).toContain('billing')
})

test('what a program wrote is text, whatever it looks like', async () => {
  const hostile = '<img src=x onerror=alert(1)> \u001b[31mred\u001b[0m \u202Eevil javascript:alert(1)'
  await sendLog(hostile, '<b>bold</b>')
  const page = await open('/#/')
  await page.getByText('<b>bold</b>').first().waitFor()
  await page.locator('.row.run').click()
  await page.getByRole('link', { name: 'Log', exact: true }).click()
  const body = page.locator('article button[aria-expanded]')
  await poll(() => body.innerText()).toContain('<img src=x onerror=alert(1)> red ·evil javascript:alert(1)')
  await body.click()
  await page.getByRole('heading', { name: 'Attributes' }).waitFor()
  expect(await page.locator('article a').count()).toBe(1)
  expect(await page.locator('article a').getAttribute('href')).toBe('https://example.com/x')
  expect(await page.locator('img').count()).toBe(0)
  expect(await violations(page)).toEqual([])
})

test('an address whose filter takes for ever leaves the list usable, and is searched as plain text', async () => {
  const service = 'a'.repeat(40)
  await sendLog('hello', service)
  const page = await open(`/#/?q=${encodeURIComponent('(\\w+)+@')}`)
  await page.getByRole('button', { name: 'Clear the filter' }).waitFor()
  await page.locator('.search[title*="takes too long"]').waitFor()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await page.getByText(service).first().waitFor()
})

test('the theme can be turned, and stays', async () => {
  const page = await open('/#/')
  await page.getByRole('heading', { name: 'No recordings yet' }).waitFor()
  const ground = async () => (await takePicture(page)).at(5, 500)
  const dark = await ground()
  await page.getByRole('button', { name: 'Light theme' }).click()
  await poll(ground).not.toBe(dark)
  expect(await violations(page)).toEqual([])
  await page.reload()
  await page.getByRole('button', { name: 'Dark theme' }).waitFor()
})

async function sendLog(body: string, service = 'orders', severityNumber = 9): Promise<void> {
  const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
  const record = {
    timeUnixNano: `${Date.now()}000000`,
    severityNumber,
    body: { stringValue: body },
    attributes: [attribute('page', 'https://example.com/x'), attribute('bad', 'javascript:alert(1)')]
  }
  const resource = {
    attributes: [
      attribute('service.name', service),
      attribute('service.instance.id', service),
      attribute('process.pid', '4711')
    ]
  }
  const response = await fetch(`${collector.otlpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] })
  })
  expect(response.status).toBe(200)
}

test('an address that is asked for while the first page still loads is where one arrives', async () => {
  const page = await open('/#/')
  let release = () => {}
  const released = new Promise<void>(resolve => (release = resolve))
  await page.route(/TracesPage/, async route => {
    await released
    await route.continue()
  })
  await page.goto(`${collector.uiUrl}/?again#/traces`)
  await page.evaluate(`location.hash = '#/nowhere'`)
  release()
  await page.getByText('There is no such page').waitFor()
  expect(page.url()).toMatch(/#\/nowhere$/)
})

test.each([
  ['/#/nowhere', 'There is no such page'],
  [`/#/t/${'f'.repeat(32)}`, 'This trace could not be shown'],
  [`/#/r/${'k'.repeat(26)}/log`, 'This recording could not be shown']
])('what is not there, %s, says so in the heading of its page', async (path, heading) => {
  const page = await open(path, /404/)
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  expect(await violations(page)).toEqual([])
})

test('a page that cannot be loaded says so, and comes once it can', async () => {
  const page = await open('/#/', /ERR_FAILED|Failed to fetch dynamically imported module|preload/)
  let isThere = false
  await page.route(/TracesPage/, route => (isThere ? route.continue() : route.abort()))
  await page.getByRole('link', { name: 'Traces' }).click()
  const alert = page.getByRole('alert')
  await alert.getByText('The page could not be loaded').waitFor()
  expect(await violations(page)).toEqual([])
  isThere = true
  await alert.getByRole('button', { name: 'Retry' }).click()
  await page.getByRole('search', { name: 'Filter traces' }).waitFor()
  expect(await alert.count()).toBe(0)
})
