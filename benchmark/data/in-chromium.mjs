// Runs a function in a page of Chromium that has this project's files beside it.
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '../../scripts/browser.mjs'

const root = new URL('../../', import.meta.url)
const origin = 'http://benchmark.test/'

/**
 * Answers what `run` answers there, called with the address of the project.
 * @param {Record<string, Buffer | string>} files beside those, by name
 */
export async function inChromium(run, files) {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await page.route(`${origin}**`, route => {
      const path = new URL(route.request().url()).pathname.slice(1)
      if (path === '') return route.fulfill({ contentType: 'text/html', body: '' })
      if (Object.hasOwn(files, path)) return route.fulfill({ body: files[path] })
      return route.fulfill({ path: fileURLToPath(new URL(path, root)) })
    })
    await page.goto(origin)
    return { version: browser.version(), answer: await page.evaluate(run, origin) }
  } finally {
    await browser.close()
  }
}
