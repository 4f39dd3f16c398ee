// A browser on the screens of a real collector, or of a file. Every page is watched: errors on its console, and requests
// to anybody but the collector, fail the test that opened it.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'

/**
 * Opens the address (a path with its hash) in a window of its own, as somebody would who was sent it.
 * @param origin of the collector, or the whole address of a file
 * @param expected complaints that the test provokes
 * @param window what differs from a dark one of 1400 × 900 pixels under a mouse
 */
export async function openScreen(
  browser: Browser,
  origin: string,
  path: string,
  expected?: RegExp,
  window: BrowserContextOptions = {}
): Promise<Page> {
  const viewport = { width: 1400, height: 900 }
  const context = await browser.newContext({ viewport, colorScheme: 'dark', ...window })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('dialog', dialog => complaints.push(`a dialog opened: ${dialog.message()}`))
  page.on('request', request => {
    const url = new URL(request.url())
    const isInside = url.protocol === 'data:' || url.protocol === 'blob:' || url.href.split('#')[0] === origin
    if (url.origin !== origin && !isInside) complaints.push(`a request left: ${url}`)
  })
  onTestFinished(async () => {
    await context.close()
    expect(complaints.filter(complaint => !expected?.test(complaint))).toEqual([])
  })
  await page.goto(origin + path)
  return page
}
