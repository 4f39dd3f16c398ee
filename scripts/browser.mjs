// Finds the Chromium that tests and benchmarks drive, and starts it shut off from the world.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const INSTALL_COMMAND = 'sudo apt-get install -y chromium'

const KNOWN_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium'
]

/**
 * The browser's executable: MICROLOG_BROWSER, CHROME_BIN, or the first of the usual places that exists.
 * @param {Record<string, string | undefined>} env
 * @param {(path: string) => boolean} exists
 * @returns {string}
 */
export function findBrowser(env = process.env, exists = existsSync) {
  const named = env.MICROLOG_BROWSER ?? env.CHROME_BIN
  const found = (named ? [named] : KNOWN_PLACES).find(exists)
  if (found) return found
  const problem = named ? `There is no browser at ${named}.` : 'No Chromium or Chrome was found.'
  throw new Error(`${problem} Install one with: ${INSTALL_COMMAND}`)
}

/**
 * A fresh browser without a profile; the caller closes it.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export function launchBrowser() {
  return chromium.launch({
    executablePath: findBrowser(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  })
}
