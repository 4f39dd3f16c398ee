// The plain script as its README says, from a folder of its own.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOtlpReceiver } from '../helpers/otlp-receiver.ts'
import { cliPath, runNode } from '../helpers/run-node.ts'

const example = fileURLToPath(new URL('../../examples/plain-script/', import.meta.url))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'microlog-test-plain-'))
  cpSync(example, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the script is recorded without being changed: its functions, its logs, and where to look', async () => {
  const store = ['--store', join(folder, 'store')]
  const plain = await runNode(['anagrams.js'], {}, { cwd: folder })
  const ended = await runNode([cliPath, 'run', ...store, 'anagrams', 'anagrams.js'], {}, { cwd: folder })
  expect(ended).toMatchObject({ code: 0, stdout: plain.stdout })
  expect(ended.stderr).toContain('the alphabet')
  const id = /anagrams {2}([0-9a-z]{26})/.exec(ended.stderr)![1]!
  const shown = await runNode([cliPath, 'show', id, ...store, '--json'])
  const { functions, logs } = JSON.parse(shown.stdout) as {
    functions: { name: string }[]
    logs: Record<string, number>
  }
  expect(functions.map(({ name }) => name)).toEqual(expect.arrayContaining(['groupAnagrams', 'sortLetters']))
  expect(logs).toMatchObject({ info: 3, warn: 1 })
})

test('a part of a program is recorded from within', async () => {
  const receiver = await createOtlpReceiver()
  const ended = await runNode([`${example}part-of-it.js`], { MICROLOG_OTLP_URL: receiver.url })
  await receiver.close()
  expect(ended).toMatchObject({ code: 0 })
  expect(ended.stdout.split('\n')).toHaveLength(4)
  expect(receiver.logs.map(({ body }) => body)).toEqual(['adding up', 'added up 2 times'])
})
