// What a program kept in its heap: from its process through the store to the screen.
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { Page as Listed, RecordingSummary } from '../../src/collector/api.ts'
import { programPath, registerUrl, runNode } from '../helpers/run-node.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { takePicture } from './picture.ts'
import { openScreen } from './screens.ts'
import { violations } from './violations.ts'

const running = collectorAndBrowser()
let id: string

beforeAll(async () => {
  const ended = await runNode(['--import', registerUrl, programPath('grows.mjs'), 'keep'], {
    MICROLOG_OTLP_URL: running.collector.otlpUrl,
    OTEL_SDK_DISABLED: 'true',
    MICROLOG_HEAP: 'true'
  })
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  const { items } = (await (
    await fetch(`${running.collector.uiUrl}/api/recordings`)
  ).json()) as Listed<RecordingSummary>
  id = items[0]!.id
  // What it said itself is none of the program's logs.
  expect(items[0]).toMatchObject({ logs: 0 })
}, 120_000)

const flame = (page: Page) => page.getByRole('img', { name: /^Bytes in use/ })

test('the flame graph of the heap shows what was kept, and a click says how much', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/r/${id}/timeline`)
  await page.getByRole('link', { name: 'Heap' }).click()
  await flame(page).waitFor()
  expect((await takePicture(flame(page))).colours).toBeGreaterThan(3)
  const row = page.getByRole('row').nth(1)
  expect(await row.textContent()).toMatch(/keepMany.*grows\.mjs:\d+.*MB/)
  const toEditor = expect.stringMatching(/^vscode:\/\/file\/.*grows\.mjs:\d+:\d+$/)
  expect(await row.getByRole('link').getAttribute('href')).toEqual(toEditor)
  const told = page.getByRole('status')
  await flame(page).focus()
  await expect
    .poll(async () => {
      await page.keyboard.press('ArrowDown')
      return told.textContent()
    })
    .toMatch(/^keepMany .*[\d.]+ MB, [\d.]+ %$/)
  expect(await page.getByRole('link', { name: 'Open in VS Code' }).getAttribute('href')).toEqual(toEditor)
  expect(await violations(page, '.heap')).toEqual([])
})

test('what is selected and zoomed to in the heap stands in the address', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/r/${id}/heap`)
  const told = page.getByRole('status')
  await flame(page).focus()
  await expect
    .poll(async () => {
      await page.keyboard.press('ArrowDown')
      return told.textContent()
    })
    .toMatch(/^keepMany /)
  const { x, y, width } = (await flame(page).boundingBox())!
  await page.mouse.move(x + width * 0.2, y + 10)
  await page.mouse.down()
  await page.mouse.move(x + width * 0.6, y + 10, { steps: 4 })
  await page.mouse.up()
  await page.getByRole('button', { name: 'All of it' }).waitFor()
  await expect.poll(() => page.url()).toMatch(/zoom=\d+-\d+/)
  await page.reload()
  await page.getByRole('button', { name: 'All of it' }).waitFor()
  expect(await told.textContent()).toMatch(/^keepMany /)
  await page.goBack()
  await expect.poll(() => page.getByRole('button', { name: 'All of it' }).count()).toBe(0)
  expect(await told.textContent()).toMatch(/^keepMany /)
})

test('CPU, memory and event loop have a lane each, whose legend switches its curves', async () => {
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/r/${id}/timeline`)
  const memory = page.getByRole('img', { name: 'Memory over time' })
  for (const lane of ['CPU', 'Memory', 'Event loop']) {
    const picture = page.getByRole('img', { name: `${lane} over time` })
    await expect
      .poll(async () => (await takePicture(picture)).colours, { timeout: 20_000 })
      .toBeGreaterThan(2)
  }
  const before = (await takePicture(memory)).colours
  const legend = page.getByRole('list', { name: 'Curves: Memory' })
  for (const name of ['Memory', 'Heap total', 'External']) {
    await legend.getByRole('button', { name }).click()
  }
  await expect.poll(async () => (await takePicture(memory)).colours).toBeLessThan(before)
})

test('the export has the heap as it came: a value in bytes for each stack', async () => {
  const answer = await fetch(`${running.collector.uiUrl}/api/recordings/${id}/export?format=otlp`)
  interface Profiles {
    resourceProfiles?: {
      scopeProfiles: {
        profiles: {
          sampleType: { typeStrindex: number; unitStrindex: number }
          samples: { values?: string[] }[]
        }[]
      }[]
    }[]
    dictionary: { stringTable: string[] }
  }
  const requests = (await answer.text())
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Profiles)
  const heap = requests.flatMap(({ resourceProfiles = [], dictionary }) =>
    resourceProfiles
      .flatMap(({ scopeProfiles }) => scopeProfiles.flatMap(({ profiles }) => profiles))
      .filter(({ sampleType }) => dictionary.stringTable[sampleType.typeStrindex] === 'heap')
      .map(({ sampleType, samples }) => ({
        unit: dictionary.stringTable[sampleType.unitStrindex],
        bytes: samples.flatMap(({ values = [] }) => values).reduce((sum, value) => sum + Number(value), 0)
      }))
  )
  expect(heap).toHaveLength(1)
  expect(heap[0]!.unit).toBe('bytes')
  // 200,000 objects with an array each.
  expect(heap[0]!.bytes).toBeGreaterThan(10e6)
})
