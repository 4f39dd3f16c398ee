// Takes the pictures of docs/images anew: runs the demo for a while, opens what it recorded, and keeps what is seen.
//
//   npm run build && node scripts/take-pictures.mjs [options of the demo, such as --port 8777]
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createCollector } from '../dist/collector/index.js'
import { launchBrowser } from './browser.mjs'
import { listRecordings } from './demo/recordings.mjs'

const DEMO_SECONDS = 60
/** A coupon that took long to refuse, see demo.mjs. */
const SLOW_TRACE_MS = { least: 200, most: 800 }
const root = fileURLToPath(new URL('..', import.meta.url))
const store = mkdtempSync(join(tmpdir(), 'microlog-pictures-'))

try {
  const options = ['--no-build', '--seconds', DEMO_SECONDS, '--store', store, ...process.argv.slice(2)]
  await promisify(execFile)(process.execPath, ['scripts/demo.mjs', ...options.map(String)], { cwd: root })
  const collector = await createCollector({ store, port: 0, otlpPort: 0 })
  const browser = await launchBrowser()
  try {
    await takePictures(browser, collector.uiUrl)
  } finally {
    await browser.close()
    await collector.close()
  }
} finally {
  rmSync(store, { recursive: true, force: true })
}

async function takePictures(browser, uiUrl) {
  const recordings = await listRecordings(uiUrl, Date.now() - DEMO_SECONDS * 1000)
  const shop = recordings.find(({ label }) => label === 'shop')
  const slowTrace = await findSlowTrace(uiUrl)
  const take = (name, height, address, act) =>
    takePicture(browser, { name, height, address: `${uiUrl}/#${address}`, act })
  await take('timeline', 800, `/r/${shop.id}/timeline?t=20-28&hide=internals`)
  await take('trace', 760, `/t/${slowTrace}`)
  await take('log', 720, `/r/${shop.id}/log?q=coupon%7Ccheckout`, page =>
    page.getByRole('article').filter({ hasText: 'coupon refused' }).first().click()
  )
}

/** One that fits the picture, with its stacks. */
async function findSlowTrace(uiUrl) {
  const query = new URLSearchParams({
    name: 'POST /checkout/:cart',
    minDurationMs: SLOW_TRACE_MS.least,
    maxDurationMs: SLOW_TRACE_MS.most
  })
  const { items } = await (await fetch(`${uiUrl}/api/traces?${query}`)).json()
  const seen = items.filter(({ spans, errors }) => errors === 0 && spans >= 5 && spans <= 9)
  if (seen.length === 0) throw new Error('The demo recorded no slow checkout: try again')
  return seen.toSorted((a, b) => b.samples - a.samples)[0].traceId
}

async function takePicture(browser, { name, height, address, act }) {
  const page = await browser.newPage({ viewport: { width: 1280, height }, colorScheme: 'dark' })
  await page.goto(address)
  // The charts come last, after their code and data.
  await page.waitForLoadState('networkidle')
  await act?.(page)
  writeFileSync(join(root, 'docs/images', `${name}.png`), await settledPicture(page))
  await page.close()
}

/** Once two in a row are the same. */
async function settledPicture(page) {
  for (let before = await page.screenshot(); ;) {
    const picture = await page.screenshot()
    if (picture.equals(before)) return picture
    before = picture
  }
}
