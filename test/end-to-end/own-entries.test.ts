// What the recorder itself wrote into a log: counts leave it out everywhere, and no list leaves out any of it unsaid.
import { expect, test } from 'vitest'
import { openStore } from '../../src/collector/open-store.ts'
import { encodeRecording } from '../../src/format/index.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { pushLog } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { openScreen } from './screens.ts'

const id = 'noted'.padEnd(26, '0')
const allLevels = 'levels'.padEnd(26, '0')
const running = collectorAndBrowser(async store => {
  const builder = builderFromText('0ms   500ms  1000ms\nmain  main   main')
  for (let i = 0; i < 5; i++) pushLog(builder, i, `line ${i}`, { uid: `log-${i}` })
  pushLog(builder, 5, 'no room', { uid: 'log-5', severity: 17 })
  const eventName = 'microlog.slow_module'
  for (let i = 0; i < 3; i++) pushLog(builder, 10 + i, `module ${i}`, { uid: `own-${i}`, eventName })
  pushLog(builder, 20, 'loop was blocked', { uid: 'own-9', severity: 13, eventName: 'microlog.blocked' })
  const meta = { recording: id, label: 'noted', resource: { 'service.name': 'noted' } }
  const { catalog } = await openStore(store)
  await catalog.addSegment(id, 'j-1-2', await encodeRecording(builder.snapshot(), meta, nodeCodec))
  const levels = builderFromText('0ms   500ms  1000ms\nmain  main   main')
  for (let i = 0; i < 600; i++) pushLog(levels, i, 'line', { severity: 1 + (i % 6) * 4 })
  pushLog(levels, 20, 'loop was blocked', { severity: 13, eventName: 'microlog.blocked' })
  const ofLevels = { ...meta, recording: allLevels, resource: { 'service.name': 'levels' } }
  await catalog.addSegment(allLevels, 'j-1-2', await encodeRecording(levels.snapshot(), ofLevels, nodeCodec))
})
const open = (path: string, width = 1400) =>
  openScreen(running.browser, running.collector.uiUrl, path, undefined, { viewport: { width, height: 900 } })

test('a log lists the program’s lines and the recorder’s warnings, and its notes where they are asked for', async () => {
  const page = await open(`/#/r/${id}/log`)
  const total = page.locator('.total')
  await expect.poll(() => total.innerText()).toBe('6 entries + 1 own')
  const own = page.getByLabel('Microlog’s own')
  expect(await own.locator('option:checked').innerText()).toBe('1 warning of 4')
  expect(await page.locator('article').allInnerTexts()).toHaveLength(7)
  await own.selectOption('all')
  await expect.poll(() => total.innerText()).toBe('6 entries + 4 own')
  await expect.poll(() => page.url()).toContain('own=all')
  await own.selectOption('none')
  await expect.poll(() => page.locator('article').count()).toBe(6)
  await expect.poll(() => page.url()).toContain('own=none')
  await page.reload()
  await expect.poll(() => total.innerText()).toBe('6 entries')
})

test('the filters of a log stand in one row at 1280 pixels, as those of all logs', async () => {
  for (const [path, text] of [
    [`/#/r/${allLevels}/log`, '600 entries + 1 own'],
    ['/#/logs', 'warnings']
  ] as const) {
    const bar = (await open(path, 1280)).locator('.bar, [role=search]', { hasText: text })
    await bar.getByRole('button', { name: /^fatal/ }).waitFor()
    expect((await bar.boundingBox())!.height).toBeLessThan(50)
  }
})

test('who follows a link to a note sees it', async () => {
  const page = await open(`/#/r/${id}/log?sel=log:own-1`)
  await page.locator('article', { hasText: 'module 1' }).waitFor()
})

test('the home page and the timeline count the same lines as the log', async () => {
  const home = await open('/#/')
  await home.getByRole('treeitem', { name: /6 logs 1 error/ }).waitFor()
  const timeline = await open(`/#/r/${id}/timeline`)
  await timeline.getByRole('img', { name: /^Log markers: 1 Error, 5 Info, 4 Microlog’s own/ }).waitFor()
})

test('the lines of all recordings leave out the notes until they are asked for', async () => {
  const page = await open('/#/logs?service=noted')
  const lines = page.locator('article')
  await expect.poll(() => lines.count()).toBe(7)
  await page.getByLabel('Microlog’s own').selectOption('all')
  await expect.poll(() => lines.count()).toBe(10)
})
