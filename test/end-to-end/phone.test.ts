// Pages on a phone: what matters is on the screen without scrolling aside.
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openStore } from '../../src/collector/open-store.ts'
import { encodeRecording } from '../../src/format/index.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { internSet, pushLog } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { openScreen } from './screens.ts'

const id = 'phone'.padEnd(26, '0')
const width = 390
const running = collectorAndBrowser(async store => {
  const builder = builderFromText('0ms   500ms  1000ms\nmain  main   main')
  for (let i = 0; i < 12; i++) pushLog(builder, i, 'no room', { uid: `log-${i}`, severity: 17 })
  pushLog(builder, 20, 'packed for the road, and sent', {
    uid: 'packed',
    cells: {
      attributes: internSet(builder, { 'log.record.uid': 'packed', order: 'x'.repeat(35) })
    }
  })
  const meta = { recording: id, label: 'phone', resource: { 'service.name': 'phone' } }
  const { catalog } = await openStore(store)
  await catalog.addSegment(id, 'j-1-2', await encodeRecording(builder.snapshot(), meta, nodeCodec))
})

function open(path: string, hasTouch = true): Promise<Page> {
  const window = { viewport: { width, height: 844 }, hasTouch, isMobile: hasTouch }
  return openScreen(running.browser, running.collector.uiUrl, path, undefined, window)
}

async function isOnScreen(part: Locator): Promise<boolean> {
  const box = await part.boundingBox()
  return box !== null && box.x >= 0 && box.x + box.width <= width
}

test('the list of recordings shows how long each was and what failed, and the way to delete it', async () => {
  const page = await open('/#/')
  const row = page.locator('.row.run')
  await row.waitFor()
  expect(await isOnScreen(row.locator('.duration'))).toBe(true)
  expect(await isOnScreen(row.getByText('12 errors'))).toBe(true)
  expect((await row.locator('small').last().boundingBox())!.width).toBeGreaterThan(20)
  expect(await isOnScreen(row.getByRole('button', { name: /^Delete/ }))).toBe(true)
  expect(await page.locator('.table').evaluate(table => table.scrollWidth <= table.clientWidth)).toBe(true)
  const [first, second] = [page.locator('.row').nth(0), page.locator('.row').nth(1)]
  const [label, run] = [(await first.boundingBox())!, (await second.boundingBox())!]
  expect(run.y).toBeGreaterThanOrEqual(label.y + label.height)
})

test('the timeline tells of fingers, and of keys only where there is room and a mouse', async () => {
  const touched = await open(`/#/r/${id}/timeline`)
  await touched.getByText('pinch zooms').waitFor()
  expect(await touched.getByText('drag to zoom').isVisible()).toBe(false)
  const narrow = await open(`/#/r/${id}/timeline`, false)
  await narrow.locator('.toolbar').waitFor()
  expect(await narrow.getByText('drag to zoom').isVisible()).toBe(false)
})

test('of the views of a recording the one that is shown has its tab in sight', async () => {
  const page = await open(`/#/r/${id}/heap`)
  const heap = page.getByRole('link', { name: 'Heap' })
  await heap.waitFor()
  await expect.poll(() => isOnScreen(heap)).toBe(true)
})

test.each([
  ['flame', 'Compared with'],
  ['logs', 'Service'],
  ['traces', 'Service']
])(
  'the filters of %s are shown when asked for, and leave the room to what they are for',
  async (name, field) => {
    const page = await open(`/#/${name}`)
    const bar = page.getByRole('search')
    await bar.waitFor()
    expect((await bar.boundingBox())!.height).toBeLessThan(60)
    await page.getByRole('button', { name: 'Filters' }).click()
    expect(await isOnScreen(bar.getByRole('combobox', { name: field }))).toBe(true)
    await bar.getByRole('combobox', { name: 'Time' }).selectOption('Last hour')
    await page.getByRole('button', { name: 'Filters (1)' }).click()
    expect(await bar.getByRole('combobox', { name: field }).isVisible()).toBe(false)
  }
)

test('functions stand with their figures and their line, nothing aside', async () => {
  const page = await open(`/#/r/${id}/flame`)
  const table = page.getByRole('table', { name: 'Functions' })
  const cells = table.getByRole('row').nth(1).getByRole('cell')
  await cells.first().waitFor()
  for (let i = 0; i < 5; i++) expect(await isOnScreen(cells.nth(i))).toBe(true)
  expect(await table.getByRole('columnheader').count()).toBe(5)
})

test('the search takes the row that it has to itself', async () => {
  const page = await open(`/#/r/${id}/log`)
  const field = page.getByRole('textbox', { name: 'Search by regular expression' })
  await field.waitFor()
  expect((await field.boundingBox())!.width).toBeGreaterThan(0.9 * width)
})

test('the fields of a log entry begin beside its text however long they are', async () => {
  const page = await open(`/#/r/${id}/log`)
  const body = page.locator('article .body', { hasText: 'packed' })
  await body.waitFor()
  const [text, fields] = [(await body.boundingBox())!, (await body.locator('.fields').boundingBox())!]
  expect(fields.y).toBeLessThan(text.y + text.height / 2)
})
