// The logs of all services under the hands of a person: pages, filters, ways to what is beside a line, and what comes in.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { LogLine, Page as ListPage } from '../../src/collector/api.ts'
import { createCollector } from '../../src/collector/index.ts'
import { openStore } from '../../src/collector/open-store.ts'
import { encodeRecording } from '../../src/format/index.ts'
import { temporaryFolder } from '../collector/temporary-store.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { internSet, pushLog, pushSpan, pushSample } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile, spanReference } from '../helpers/recording-from-text.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { openScreen } from './screens.ts'
import { violations } from './violations.ts'

const shop = 'shop'.padEnd(26, '0')
const mail = 'mail'.padEnd(26, '0')
const hourMs = 3_600_000
const lines = 700
const startMs = Date.now() - 3 * hourMs

/** Each has a line every 10 s; the mails say theirs 5 s later. */
const running = collectorAndBrowser(async store => {
  const { catalog } = await openStore(store)
  for (const [id, service, laterMs] of [
    [shop, 'shop', 0],
    [mail, 'mail', 5_000]
  ] as const) {
    const builder = builderFromText('0ms\nmain', BigInt(startMs) * 1_000_000n)
    if (service === 'shop') pushSpan(builder, 'a', 0, lines * 10_000)
    const profile = pushProfile(builder, 1e9, { sampleType: 'log' })
    for (let i = 0; i < lines; i++) {
      const timeMs = laterMs + i * 10_000
      const severity = i === lines - 2 ? 1 : i % 100 === 7 ? 17 : 9
      const uid = `${service}-${i}`
      pushLog(builder, timeMs, `${service} says ${i}.`, {
        uid,
        severity,
        letter: service === 'shop' ? 'a' : '',
        cells: {
          attributes: internSet(builder, {
            'log.record.uid': uid,
            coupon: `abc-${i}`,
            'code.file.path': '/app/says.js',
            'code.line.number': i
          })
        }
      })
      pushSample(builder, profile, timeMs, ['main', 'sayIt'], { uid })
    }
    const meta = { recording: id, label: service, resource: { 'service.name': service } }
    await catalog.addSegment(id, 'j-1-2', await encodeRecording(builder.snapshot(), meta, nodeCodec))
  }
})

const open = (query = ''): Promise<Page> =>
  openScreen(running.browser, running.collector.uiUrl, `/#/logs${query}`)
const row = (page: Page, text: string) => page.locator('article', { hasText: text })
/** Without their fields. */
const texts = (page: Page): Promise<string[]> =>
  page.locator('article .body').evaluateAll(bodies =>
    bodies.map(body => {
      const copy = body.cloneNode(true) as typeof body
      copy.querySelector('.fields')?.remove()
      return copy.textContent.trim()
    })
  )
async function showInItsLog(page: Page, text: string): Promise<void> {
  await row(page, text).click()
  await row(page, text).getByRole('link', { name: 'Show in its recording’s log' }).click()
  // The opened line has a stack, too.
  await page.waitForURL(url => url.hash.startsWith(`#/r/${shop}/log`))
}
const count = (page: Page) => page.locator('.count').innerText()
const scroll = (page: Page, top: number) =>
  page.locator('.scroller').evaluate((list, to) => (list.scrollTop = to < 0 ? list.scrollHeight : to), top)

let sent = 0
/** What a service says now. */
async function say(...bodies: string[]): Promise<void> {
  const logRecords = bodies.map(stringValue => ({
    timeUnixNano: `${Date.now() + sent++}000000`,
    severityNumber: 9,
    body: { stringValue }
  }))
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'talker' } }] }
  const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${running.collector.otlpUrl}/v1/logs`, { method: 'POST', headers, body })
  expect(response.status).toBe(200)
}

test('the ways to traces stand below each other, whatever the levels of their lines', async () => {
  const page = await open()
  await row(page, 'shop says 698.').waitFor()
  const edge = async (text: string): Promise<number> => {
    const { x, width } = (await row(page, text).getByRole('link', { name: 'trace' }).boundingBox())!
    return x + width
  }
  expect(await edge('shop says 698.')).toBe(await edge('shop says 699.'))
})

test('lines of all services stand in one list, the newest first, down to the oldest', async () => {
  const page = await open()
  await expect
    .poll(async () => (await texts(page)).slice(0, 3))
    .toEqual(['mail says 699.', 'shop says 699.', 'mail says 698.'])
  expect(await count(page)).toBe('200 lines, there are more')
  await expect
    .poll(async () => {
      await scroll(page, -1)
      return (await texts(page)).at(-1)
    })
    .toBe('shop says 0.')
  expect(await count(page)).toBe('1,400 lines')
  expect(await page.locator('article').count()).toBeLessThan(100)
})

test('service, level, text and time leave the lines that fit, and stand in the address', async () => {
  const page = await open()
  await expect.poll(() => texts(page)).toContain('mail says 699.')
  await scroll(page, 2_000)
  await expect.poll(() => texts(page)).not.toContain('mail says 699.')
  await page.getByLabel('Service').fill('shop')
  await expect.poll(async () => (await texts(page))[1]).toBe('shop says 698.')
  await page.getByRole('button', { name: 'error' }).dblclick()
  await expect.poll(() => count(page)).toBe('7 lines')
  await page.getByLabel('Search the texts').fill('SAYS 5')
  await expect.poll(() => texts(page)).toEqual(['shop says 507.'])
  await page.reload()
  await expect.poll(() => texts(page)).toEqual(['shop says 507.'])
  expect(await page.locator('mark').innerText()).toBe('says 5')
  await page.getByLabel('Time').selectOption('Last hour')
  await page.getByRole('heading', { name: 'No line matches' }).waitFor()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect.poll(() => count(page)).toBe('200 lines, there are more')
})

test('lines show their fields and where they were written', async () => {
  const page = await open('?q=says+42.')
  const line = row(page, 'shop says 42.')
  await line.getByText('coupon=abc-42').waitFor()
  expect(await line.getByRole('link', { name: 'says.js:42' }).getAttribute('href')).toContain(
    '/app/says.js:42'
  )
  await line.getByRole('button', { name: 'shop says 42.' }).click()
  expect(await line.locator('.fields').count()).toBe(0)
  expect(await line.getByRole('table').innerText()).toMatch(/coupon\s+abc-42/)
})

test('the times between two moments are asked for', async () => {
  const page = await open(`?from=${startMs + 19_000}&to=${startMs + 41_000}`)
  await expect
    .poll(() => texts(page))
    .toEqual([4, 3.5, 3, 2.5, 2].map(i => `${i % 1 ? 'mail' : 'shop'} says ${Math.floor(i)}.`))
  await page.getByLabel('Time').selectOption('any')
  await expect.poll(() => count(page)).toBe('200 lines, there are more')
})

test('a line opens to its attributes, its stack and the ways on, and closes again', async () => {
  const page = await open('?q=shop+says+42.')
  const line = row(page, 'shop says 42.')
  await line.getByRole('button', { name: 'shop says 42.' }).click()
  expect(await line.getByRole('list', { name: 'Stack' }).innerText()).toContain('sayIt')
  expect(await line.getByRole('table').innerText()).toMatch(/coupon\s+abc-42/)
  expect(await violations(page)).toEqual([])
  await page.getByText('Paused while a line is open').waitFor()
  await line.getByRole('button', { name: 'shop says 42.' }).click()
  await page.getByText('Follows what comes in').waitFor()
  expect(await line.getByRole('table').count()).toBe(0)
  await line.getByRole('button', { name: 'shop says 42.' }).click()
  await line.getByRole('link', { name: 'Show its trace' }).click()
  await page.getByRole('tree', { name: 'Spans' }).waitFor()
})

test('a line leads to its place in the log of its recording, with its stack; Back returns to it', async () => {
  const page = await open('?q=shop+says+30')
  await showInItsLog(page, 'shop says 307.')
  const there = page.locator('article', { hasText: 'shop says 307.' })
  await there.getByRole('list', { name: 'Stack' }).waitFor()
  expect(await there.getByRole('list', { name: 'Stack' }).innerText()).toContain('sayIt')
  await page.goBack()
  await row(page, 'shop says 307.').waitFor()
  expect(page.url()).toContain('q=shop+says+30')
})

test('a line leads to its trace, its span selected', async () => {
  const page = await open('?q=shop+says+42.')
  await row(page, 'shop says 42.').getByRole('link', { name: 'trace' }).click()
  await page.getByRole('tree', { name: 'Spans' }).waitFor()
  expect(page.url()).toContain(`span=${Buffer.from(spanReference('a').spanId).toString('hex')}`)
})

test('whoever comes back to a line far down finds it again', async () => {
  const page = await open()
  await expect
    .poll(async () => {
      await scroll(page, -1)
      return count(page)
    })
    .toBe('1,400 lines')
  await scroll(page, 20_000)
  await expect.poll(() => texts(page)).toContain('shop says 300.')
  // Written when the list has come to rest.
  const kept = () => page.evaluate<number>('history.state.scrolled')
  await expect.poll(kept).toBe(20_000)
  await showInItsLog(page, 'shop says 300.')
  await page.getByRole('list', { name: 'Stack' }).waitFor()
  await page.goBack()
  await row(page, 'shop says 300.').waitFor()
})

test('new lines come at the top by themselves; whoever reads further down is told how many', async () => {
  const page = await open('?service=talker')
  await page.getByRole('heading', { name: 'No line matches' }).waitFor()
  await say('first')
  await expect.poll(() => texts(page), { timeout: 10_000 }).toEqual(['first'])
  await say(...Array.from({ length: 90 }, (_, i) => `word ${i}`))
  await expect.poll(async () => (await texts(page))[0], { timeout: 10_000 }).toBe('word 89')
  await scroll(page, 1_000)
  await expect.poll(async () => (await texts(page))[0]).not.toBe('word 89')
  await page.getByText('Paused').waitFor()
  const before = await page.locator('article').first().innerText()
  await say('later', 'last')
  await page.getByRole('button', { name: '▶ 2 new' }).click({ timeout: 10_000 })
  await expect.poll(async () => (await texts(page)).slice(0, 3)).toEqual(['last', 'later', 'word 89'])
  expect(before).not.toContain('la')
  expect(await page.getByRole('button', { name: /new$/ }).count()).toBe(0)
})

test('a store without logs says what to run', async () => {
  const empty = await createCollector({ store: temporaryFolder(), port: 0, otlpPort: 0 })
  try {
    const page = await openScreen(running.browser, empty.uiUrl, '/#/logs')
    await page.getByRole('heading', { name: 'No logs here' }).waitFor()
    await page.getByText(`MICROLOG_SERVER=${empty.uiUrl} npx microlog run my-app app.js`).waitFor()
    await page.close()
  } finally {
    await empty.close()
  }
})

test('its parts have names, roles and contrast, in both themes', async () => {
  const page = await open(`?from=${startMs}&to=${startMs + hourMs}&q=says`)
  await row(page, 'says 3').first().waitFor()
  for (const theme of ['Light theme', 'Dark theme']) {
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: theme }).click()
  }
})

test('the collector tells the service of each line', async () => {
  const response = await fetch(`${running.collector.uiUrl}/api/logs?limit=2&to=${startMs + 6_000}`)
  const { items } = (await response.json()) as ListPage<LogLine>
  expect(items.map(({ service }) => service)).toEqual(['mail', 'shop'])
})

test('texts stand below each other, however long the names of their services are', async () => {
  await say('talker says 699.')
  const page = await open('?q=says+699.')
  await expect.poll(() => page.locator('article').count()).toBe(3)
  const edges = await page
    .locator('article .body')
    .evaluateAll(bodies => bodies.map(body => body.getBoundingClientRect().x))
  expect(new Set(edges).size).toBe(1)
})
