// `microlog compact` in processes of their own, over a store in a folder.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { takeCompactionTurn } from '../../src/collector/compaction/take-turn.ts'
import { temporaryFolder } from '../collector/temporary-store.ts'
import { cliPath, runNode } from '../helpers/run-node.ts'

const shop = fileURLToPath(new URL('../fixtures/otlp/shop/', import.meta.url))

async function microlog(store: string, ...args: string[]) {
  const { code, stdout, stderr } = await runNode([cliPath, ...args], { MICROLOG_STORE: store })
  return { code, stdout, stderr }
}

async function listed(store: string): Promise<Record<string, unknown>[]> {
  return JSON.parse((await microlog(store, 'ls', '--json')).stdout) as Record<string, unknown>[]
}

test('compact makes one segment of several, of fewer bytes, and says so; a second time there is nothing to do', async () => {
  const store = temporaryFolder()
  await microlog(store, 'import', `${shop}spans-5k.lp.bin`, `${shop}logs-5k.lp.bin`)
  const [before] = await listed(store)
  const { code, stdout, stderr } = await microlog(store, 'compact')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(new RegExp(`^${String(before!['id'])}  2 segments → 1, .+ → .+\n$`))
  const [after] = await listed(store)
  expect(after!['bytes']).toBeLessThan(before!['bytes'] as number)
  expect({ ...after, bytes: 0 }).toEqual({ ...before, bytes: 0 })
  expect(await microlog(store, 'compact')).toMatchObject({ code: 0, stdout: 'Nothing to put together\n' })

  // What it was put together from comes again, and changes nothing.
  await microlog(store, 'import', `${shop}spans-5k.lp.bin`)
  expect(await listed(store)).toEqual([after])
})

test('a .microlog file that is imported again after it was compacted changes nothing', async () => {
  const [store, other] = [temporaryFolder(), temporaryFolder()]
  await microlog(store, 'import', `${shop}spans-5k.lp.bin`)
  const id = String((await listed(store))[0]!['id'])
  const file = join(other, 'shop.microlog')
  await microlog(store, 'export', id, '--format', 'microlog', '-o', file)
  await microlog(other, 'import', file)
  await microlog(other, 'import', `${shop}logs-5k.lp.bin`)
  await microlog(other, 'compact')
  const before = await listed(other)
  expect(before).toMatchObject([{ id, spans: 5120, logs: 5120 }])
  expect(await microlog(other, 'import', file)).toMatchObject({ code: 0 })
  expect(await listed(other)).toEqual(before)
})

test('--json prints one document, and somebody else’s turn is a failure', async () => {
  const store = temporaryFolder()
  await microlog(store, 'import', `${shop}spans-5k.lp.bin`, `${shop}logs-5k.lp.bin`)
  const turn = await takeCompactionTurn(store)
  const refused = await microlog(store, 'compact', '--json')
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toContain('Another process compacts this store right now')
  await turn!.release()
  const { code, stdout } = await microlog(store, 'compact', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ batches: [{ inputs: 2 }], deleted: { segments: 0, bytes: 0 } })
  expect(readdirSync(join(store, 'compaction'))).toEqual([])
  expect((await microlog(store, 'compact', 'everything')).code).toBe(2)
})
