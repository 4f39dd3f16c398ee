// The list of all traces, of which a page shows the first hundred.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStore } from '../../src/collector/open-store.ts'
import { encodeRecording } from '../../src/format/index.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { pushSpan } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { openScreen } from './screens.ts'
import { violations } from './violations.ts'

const id = 'traces'.padEnd(26, '0')
const traces = 150

/** Each is a little shorter than the one before: the longest is the oldest. */
const running = collectorAndBrowser(async store => {
  const builder = builderFromText('0ms\nmain')
  for (let i = 0; i < traces; i++) {
    const traceId = new Uint8Array(16).fill(i + 1)
    const startMs = i * 1_000
    pushSpan(builder, 'a', startMs, startMs + 1_000 - i, '', {
      traceId,
      name: builder.strings.intern(`trace ${i}`),
      statusCode: i === 3 ? 2 : 0
    })
  }
  const meta = { recording: id, label: 'shop', resource: { 'service.name': 'shop' } }
  const { catalog } = await openStore(store)
  await catalog.addSegment(id, 'j-1-2', await encodeRecording(builder.snapshot(), meta, nodeCodec))
})

const table = (page: Page) => page.getByRole('table', { name: 'Traces' })
const heading = (page: Page, name: string) => table(page).getByRole('columnheader', { name })
const firstRow = (page: Page) => table(page).getByRole('row').nth(1).locator('.root').innerText()

test('a heading sorts all traces, not only those that are shown; the address keeps it', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, '/#/traces')
  await expect.poll(() => firstRow(page)).toContain('trace 149')
  await heading(page, 'Duration').getByRole('button').click()
  await expect.poll(() => firstRow(page)).toContain('trace 0')
  expect(await heading(page, 'Duration').getAttribute('aria-sort')).toBe('descending')
  expect(await violations(page)).toEqual([])
  await heading(page, 'Duration').getByRole('button').click()
  await expect.poll(() => firstRow(page)).toContain('trace 149')
  expect(await heading(page, 'Duration').getAttribute('aria-sort')).toBe('ascending')
  await heading(page, 'Errors').getByRole('button').click()
  await expect.poll(() => firstRow(page)).toMatch(/trace 3$/)
  await page.reload()
  await expect.poll(() => firstRow(page)).toMatch(/trace 3$/)
  await heading(page, 'Started').getByRole('button').click()
  await expect.poll(() => firstRow(page)).toContain('trace 149')
  await expect.poll(() => page.url()).not.toContain('sort=')
})

test('the list is limited to the latest times, or those between two moments; the address keeps it', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, '/#/traces')
  await expect.poll(() => firstRow(page)).toContain('trace 149')
  await page.getByRole('search').getByRole('combobox', { name: 'Time' }).selectOption('Last hour')
  await page.getByRole('heading', { name: 'No trace matches' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'No trace matches' }).waitFor()
  expect(await page.getByRole('search').getByRole('combobox', { name: 'Time' }).inputValue()).toBe('1h')
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect.poll(() => firstRow(page)).toContain('trace 149')
  const { start } = (await (await fetch(`${running.collector.uiUrl}/api/recordings/${id}`)).json()) as {
    start: number
  }
  await page.goto(`${running.collector.uiUrl}/#/traces?from=${start + 500}&to=${start + 3_500}`)
  await expect.poll(() => firstRow(page)).toContain('trace 3')
  expect(await page.getByRole('search').getByRole('combobox', { name: 'Time' }).inputValue()).toBe('between')
})
