import { chdir, cwd } from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { loadPg } from '../../../src/collector/store/pg-client.ts'
import { temporaryFolder } from '../temporary-store.ts'

const missing = (): Promise<never> =>
  Promise.reject(Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' }))

test('without the package, a catalog says what to install', async () => {
  const before = cwd()
  onTestFinished(() => chdir(before))
  chdir(temporaryFolder())
  await expect(loadPg(missing)).rejects.toMatchObject({
    code: 'unsupported',
    message: 'A catalog needs a package that is not installed: npm install pg'
  })
})

test('a package that is there for the application, but not beside Microlog, is found', async () => {
  expect((await loadPg(missing)).Pool).toBeTypeOf('function')
})

test('a package that is there and broken says how', async () => {
  await expect(loadPg(() => Promise.reject(new Error('no native binding')))).rejects.toThrow(
    'no native binding'
  )
})
