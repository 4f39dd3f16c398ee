// Fingers on the time axis: a phone, as Chromium emulates one.
import { readFileSync } from 'node:fs'
import type { CDPSession, Locator, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openStore } from '../../src/collector/open-store.ts'
import { encodeRecording } from '../../src/format/index.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { pushSpan } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { openScreen } from './screens.ts'

const profile = new URL('../fixtures/cpuprofiles/http-1ms.cpuprofile', import.meta.url)
const traced = 'traced'.padEnd(26, '0')
const spans = 80
const running = collectorAndBrowser(async store => {
  const builder = builderFromText('0ms   500ms  1000ms\nmain  main   main')
  const traceId = new Uint8Array(16).fill(7)
  for (let i = 0; i < spans; i++)
    pushSpan(builder, String.fromCharCode(97 + (i % 26)), i, 1000 - i, '', { traceId })
  const meta = { recording: traced, label: 'traced', resource: { 'service.name': 'traced' } }
  const { catalog } = await openStore(store)
  await catalog.addSegment(traced, 'j-1-2', await encodeRecording(builder.snapshot(), meta, nodeCodec))
})
let id: string

beforeAll(async () => {
  const answer = await fetch(`${running.collector.uiUrl}/api/import?name=http-1ms.cpuprofile`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: readFileSync(profile)
  })
  id = ((await answer.json()) as { ids: string[] }).ids[0]!
}, 120_000)

interface Point {
  x: number
  y: number
}

interface Phone {
  page: Page
  /** Puts the fingers down at the first places and moves them over the others; each place has a point for each finger. */
  drag(...places: Point[][]): Promise<void>
  tap(at: Point): Promise<void>
}

async function openPhone(path: string): Promise<Phone> {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
  const page = await openScreen(running.browser, running.collector.uiUrl, path, undefined, phone)
  const session: CDPSession = await page.context().newCDPSession(page)
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: Point[]) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: touchPoints.map((point, id) => ({ ...point, id }))
    })
  return {
    page,
    async drag(first, ...others) {
      await send('touchStart', first!)
      let from = first!
      for (const to of others) {
        const steps = 8
        for (let step = 1; step <= steps; step++) {
          const between = (a: number, b: number): number => a + ((b - a) * step) / steps
          await send(
            'touchMove',
            to.map(({ x, y }, i) => ({ x: between(from[i]!.x, x), y: between(from[i]!.y, y) }))
          )
        }
        from = to
      }
      await send('touchEnd', [])
    },
    async tap(at) {
      await send('touchStart', [at])
      await send('touchEnd', [])
    }
  }
}

const flame = (page: Page) => page.getByRole('img', { name: /^Calls of thread main/ })

/** A place on a chart by its share of the width, and pixels from its top. */
async function placeOn(chart: Locator, share: number, y: number): Promise<Point> {
  const box = (await chart.boundingBox())!
  return { x: box.x + share * box.width, y: box.y + y }
}

/** The stretch in the address, in seconds; undefined where it is everything. */
function shown(page: Page): [from: number, to: number] | undefined {
  const match = /[?&]t=(-?[\d.]+)-(-?[\d.]+)/.exec(page.url())
  return match ? [Number(match[1]), Number(match[2])] : undefined
}

async function openTimeline(t: string): Promise<Phone> {
  const phone = await openPhone(`/#/r/${id}/timeline?t=${t}`)
  await flame(phone.page).waitFor()
  return phone
}

test('a finger moves the timeline along, and selects nothing', async () => {
  const { page, drag } = await openTimeline('10-20')
  const chart = flame(page)
  await drag([await placeOn(chart, 0.75, 30)], [await placeOn(chart, 0.25, 34)])
  await expect.poll(() => shown(page)?.map(Math.round)).toEqual([15, 25])
  expect(page.url()).not.toContain('sel=')
})

test('two fingers zoom the timeline where they are', async () => {
  const { page, drag } = await openTimeline('10-20')
  const chart = flame(page)
  await drag(
    [await placeOn(chart, 0.4, 30), await placeOn(chart, 0.6, 30)],
    [await placeOn(chart, 0.1, 30), await placeOn(chart, 0.9, 30)]
  )
  await expect.poll(() => shown(page)).toBeDefined()
  await expect.poll(() => shown(page)![1] - shown(page)![0]).toBeLessThan(3.5)
  const [from, to] = shown(page)!
  expect((from + to) / 2).toBeCloseTo(15, 0)
})

test('a finger that goes up scrolls the page, and leaves the time as it is', async () => {
  const { page, drag } = await openTimeline('10-20')
  const scrolled = () => page.locator('.timeline .scroller').evaluate(list => list.scrollTop)
  await page.setViewportSize({ width: 390, height: 480 })
  const box = (await page.locator('.timeline .scroller').boundingBox())!
  const x = box.x + 300
  await drag([{ x, y: box.y + box.height - 20 }], [{ x: x - 3, y: box.y + box.height - 160 }])
  await expect.poll(scrolled).toBeGreaterThan(50)
  expect(shown(page)).toEqual([10, 20])
})

test('a tap selects a call, a double tap zooms to it', async () => {
  const { page, tap } = await openTimeline('10-20')
  const at = await placeOn(flame(page), 0.5, 8)
  await tap(at)
  await page.getByRole('dialog', { name: /^Call of / }).waitFor()
  await expect.poll(() => page.url()).toContain('sel=call')
  await page.keyboard.press('Escape')
  await tap(at)
  await tap(at)
  await expect.poll(() => shown(page)?.join()).not.toBe('10,20')
})

test('fingers move and zoom a trace, also where its spans scroll', async () => {
  const { page, drag } = await openPhone(`/#/t/${'07'.repeat(16)}?t=0.2-0.4`)
  const tree = page.getByRole('tree', { name: 'Spans' })
  await tree.waitFor()
  const rows = (await tree.boundingBox())!
  const y = rows.y + 60
  const [left, width] = [132, 390 - 132]
  await drag([{ x: left + width * 0.75, y }], [{ x: left + width * 0.25, y: y + 3 }])
  await expect.poll(() => shown(page)?.map(time => time.toFixed(2))).toEqual(['0.30', '0.50'])
  await drag(
    [
      { x: left + 100, y },
      { x: left + 140, y }
    ],
    [
      { x: left + 40, y },
      { x: left + 200, y }
    ]
  )
  await expect.poll(() => shown(page)![1] - shown(page)![0]).toBeLessThan(0.08)
  await drag([{ x: left + 100, y: y + 60 }], [{ x: left + 101, y: y - 30 }])
  await expect.poll(() => tree.evaluate(list => list.scrollTop)).toBeGreaterThan(20)
})
