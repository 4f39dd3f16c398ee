// Texts as nobody expects them, and places where there is no room: everything stays on the screen and in its order.
import { expect, test } from 'vitest'
import { openStore } from '../../src/collector/open-store.ts'
import { encodeRecording } from '../../src/format/index.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { internSet, pushLog, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { openScreen } from './screens.ts'
import { violations } from './violations.ts'

const id = 'unusual'.padEnd(26, '0')
const traceId = '0b'.repeat(16)
const running = collectorAndBrowser(async store => {
  const builder = builderFromText('0ms   500ms  1000ms\nmain  main   main')
  pushLog(builder, 5, '', { uid: 'empty' })
  const key = 'a.key.that.goes.on.and.on.and.has.no.end.in.sight.at.all'
  const resource = builder.intern('resources', {
    attributes: internSet(builder, { 'service.name': 'خدمة' }),
    droppedAttributes: 0,
    schemaUrl: 0
  })
  pushSpan(builder, 'a', 0, 900, '', {
    traceId: new Uint8Array(16).fill(11),
    resource,
    name: builder.strings.intern('طلب جديد'),
    attributes: internSet(builder, { [key]: 'the value' })
  })
  const meta = { recording: id, label: 'unusual', resource: { 'service.name': 'خدمة' } }
  const { catalog } = await openStore(store)
  await catalog.addSegment(id, 'j-1-2', await encodeRecording(builder.snapshot(), meta, nodeCodec))
})
const open = (path: string) => openScreen(running.browser, running.collector.uiUrl, path)

test('a log without a text says so, and can be opened', async () => {
  const page = await open(`/#/r/${id}/log`)
  await page.getByRole('button', { name: '(empty)' }).click()
  await page.getByRole('button', { name: 'Show on the timeline' }).waitFor()
  expect(await violations(page)).toEqual([])
})

test('names from right to left stand after their service, and a long key leaves its value room', async () => {
  const page = await open(`/#/t/${traceId}`)
  const value = page.getByRole('cell', { name: 'the value' })
  await value.waitFor()
  const { x, width } = (await value.boundingBox())!
  expect(x + width).toBeLessThanOrEqual(1400)
  const heading = page.getByRole('heading', { level: 1 })
  const [service, name] = [heading.getByText('خدمة'), heading.getByText('طلب جديد')]
  expect((await service.boundingBox())!.x).toBeLessThan((await name.boundingBox())!.x)
  expect(await violations(page)).toEqual([])
})

test('the moment under the pointer is told whole at both edges of the timeline', async () => {
  const page = await open(`/#/r/${id}/timeline`)
  const ruler = page.getByRole('img', { name: 'Time since the start of the recording' })
  await ruler.waitFor()
  const axis = (await ruler.boundingBox())!
  for (const x of [axis.x + 2, axis.x + axis.width - 2]) {
    await page.mouse.move(x, axis.y + 12)
    const moment = page.locator('.ruler output')
    await moment.waitFor()
    const box = (await moment.boundingBox())!
    expect(box.x).toBeGreaterThanOrEqual(axis.x - 1)
    expect(box.x + box.width).toBeLessThanOrEqual(axis.x + axis.width + 1)
  }
})
