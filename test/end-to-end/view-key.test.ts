// A collector that shows its recordings only to those who have its key.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createCollector } from '../../src/collector/index.ts'
import { launchBrowser } from '../../scripts/browser.mjs'
import { takePicture } from './picture.ts'
import { openScreen } from './screens.ts'

const profile = fileURLToPath(new URL('../fixtures/cpuprofiles/http-10ms.cpuprofile', import.meta.url))
const viewKey = 'v'.repeat(40)
const traceId = 'ab'.repeat(16)

/** A trace of one span. */
async function sendTrace(otlpUrl: string): Promise<void> {
  const start = BigInt(Date.now()) * 1_000_000n
  const span = {
    ...{ traceId, spanId: 'cd'.repeat(8), name: 'GET /cart', kind: 2 },
    ...{ startTimeUnixNano: String(start), endTimeUnixNano: String(start + 5_000_000n) }
  }
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
  const answer = await fetch(`${otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] })
  })
  expect(answer.status).toBe(200)
}

test('asks for the view key, says when it is the wrong one, and then shows everything', async () => {
  const store = mkdtempSync(join(tmpdir(), 'microlog-key-'))
  const collector = await createCollector({ store, port: 0, otlpPort: 0, viewKey })
  const browser = await launchBrowser()
  onTestFinished(async () => {
    await browser.close()
    await collector.close()
    rmSync(store, { recursive: true, force: true })
  })
  const imported = await fetch(`${collector.uiUrl}/api/import?name=http.cpuprofile`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${viewKey}` },
    body: readFileSync(profile)
  })
  const [id] = ((await imported.json()) as { ids: string[] }).ids

  const page = await openScreen(browser, collector.uiUrl, `/#/r/${id}/timeline`, /status of 401/)
  await page.getByRole('heading', { name: 'This collector asks for a key' }).waitFor()
  await takePicture(page)
  await page.getByLabel('View key').fill('wrong')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByText("That wasn't the right one.").waitFor()
  await page.getByLabel('View key').fill(viewKey)
  await page.getByRole('button', { name: 'Open' }).click()
  // The list by the page itself, the segments by its worker.
  const flame = page.locator('.flame canvas').first()
  await expect.poll(async () => (await takePicture(flame)).colours, { timeout: 30_000 }).toBeGreaterThan(20)
  expect(page.url()).not.toContain(viewKey)

  await sendTrace(collector.otlpUrl)
  await page.goto(`${collector.uiUrl}/#/t/${traceId}`)
  const downloading = page.waitForEvent('download')
  await page.getByText('OTLP', { exact: true }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe(`${traceId}.json`)
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as object
  expect(saved).toMatchObject({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'GET /cart' }] }] }] })
})
