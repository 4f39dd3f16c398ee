import { expect, test } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'

const only = (path: string) => (candidate: string) => candidate === path

test('the browser named in the environment goes before an installed one', () => {
  expect(findBrowser({ MICROLOG_BROWSER: '/opt/mine', CHROME_BIN: '/opt/other' }, () => true)).toBe(
    '/opt/mine'
  )
  expect(findBrowser({ CHROME_BIN: '/opt/other' }, () => true)).toBe('/opt/other')
})

test('an installed browser is found', () => {
  expect(findBrowser({}, only('/usr/bin/google-chrome'))).toBe('/usr/bin/google-chrome')
})

test('a missing browser is answered with the one command that installs it', () => {
  expect(() => findBrowser({}, () => false)).toThrow('Install one with: sudo apt-get install -y chromium')
  expect(() => findBrowser({ MICROLOG_BROWSER: '/opt/gone' }, () => false)).toThrow(
    'There is no browser at /opt/gone'
  )
})
