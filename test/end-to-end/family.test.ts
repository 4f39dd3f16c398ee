// From a process to those it started and back: the links in the heading of a recording.
import { expect, test } from 'vitest'
import { collectorAndBrowser } from './collector-and-browser.ts'
import { openScreen } from './screens.ts'

const running = collectorAndBrowser()

/** A log of one process, which makes it a recording. */
async function log(resource: Record<string, string>): Promise<void> {
  const attributes = Object.entries(resource).map(([key, stringValue]) => ({ key, value: { stringValue } }))
  const record = { timeUnixNano: `${BigInt(Date.now()) * 1_000_000n}`, body: { stringValue: 'it runs' } }
  const answer = await fetch(`${running.collector.otlpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: [record] }] }]
    })
  })
  expect(answer.status).toBe(200)
}

test('a process leads to those it started, and each of them back', async () => {
  const instance = '11111111-1111-4111-8111-111111111111'
  await log({ 'service.name': 'primary', 'service.instance.id': instance })
  const child = (name: string) => ({
    'service.name': name,
    'service.instance.id': `${name}-child`,
    'microlog.parent.id': instance
  })
  await log(child('first'))
  await log(child('second'))
  const [primary] = await running.collector.recordingsOf(instance)
  const page = await openScreen(running.browser, running.collector.uiUrl, `/#/r/${primary!.id}/timeline`)
  await page.getByText('2 children').waitFor()
  // One that is started while the page is open appears, too.
  await log(child('third'))
  await page.getByText('3 children').click()
  expect(await page.locator('details[open]').getByRole('listitem').allTextContents()).toEqual([
    expect.stringMatching(/^first, Today/),
    expect.stringMatching(/^second, Today/),
    expect.stringMatching(/^third, Today/)
  ])
  await page.getByRole('link', { name: /^second, Today/ }).click()
  await page.getByRole('heading', { name: 'second' }).waitFor()
  await page.getByRole('link', { name: '↑ started by primary' }).click()
  await page.getByRole('heading', { name: 'primary' }).waitFor()
  expect(page.url()).toContain(primary!.id)
})
