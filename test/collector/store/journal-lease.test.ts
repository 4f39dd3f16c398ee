import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { leaseLapsesAfterMs, takeLease } from '../../../src/collector/store/journal-lease.ts'
import { temporaryFolder } from '../temporary-store.ts'

test('one of many who want it gets the lease, and the next one once it was given back', async () => {
  const folder = temporaryFolder()
  const taken = (await Promise.all(Array.from({ length: 8 }, () => takeLease(folder)))).filter(Boolean)
  expect(taken).toHaveLength(1)
  expect(await takeLease(folder)).toBeUndefined()
  await taken[0]!.release()
  expect(await takeLease(folder)).toBeDefined()
})

/** The lease as the process with this id would hold it. */
function holdFor(folder: string, change: { pid?: number; place?: string; started?: string }): string {
  const name = readdirSync(folder).find(file => file.startsWith('lease.'))!
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }))
  return path
}

test('the lease of a process that ended is taken over, by one', async () => {
  const folder = temporaryFolder()
  await takeLease(folder)
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  holdFor(folder, { pid: child.pid! })
  const taken = (await Promise.all(Array.from({ length: 8 }, () => takeLease(folder)))).filter(Boolean)
  expect(taken).toHaveLength(1)
})

test.runIf(process.platform === 'linux')(
  'the lease of a process that ended and that nobody has waited for is taken over',
  async () => {
    const folder = temporaryFolder()
    await takeLease(folder)
    // A child that ends when it is told, of a parent that has become a program that waits for none.
    const parent = spawn('sh', ['-c', 'exec 3<&0; (read line <&3) & echo $!; exec sleep 60'], {
      stdio: ['pipe', 'pipe', 'ignore']
    })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n')
    parent.stdin.write('\n')
    const fields = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    await expect.poll(() => fields()[0]).toBe('Z')
    holdFor(folder, { pid, started: fields()[19]! })
    expect(await takeLease(folder)).toBeDefined()
  }
)

test('a later process with the same id does not keep the lease alive', async () => {
  const folder = temporaryFolder()
  await takeLease(folder)
  holdFor(folder, { started: '1' })
  expect(await takeLease(folder)).toBeDefined()
})

test('a copy of the folder is nobody’s while the owner of the original lives', async () => {
  const folder = temporaryFolder()
  const copy = join(temporaryFolder(), 'copy')
  await takeLease(folder)
  cpSync(folder, copy, { recursive: true })
  expect(await takeLease(copy)).toBeDefined()
  expect(await takeLease(folder)).toBeUndefined()
})

test('a lease of an earlier release, which says nothing of its folder, is kept', async () => {
  const folder = temporaryFolder()
  await takeLease(folder)
  const path = join(folder, 'lease.1')
  const { folder: _folder, ...earlier } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  writeFileSync(path, JSON.stringify(earlier))
  expect(await takeLease(folder)).toBeUndefined()
})

test('of an owner on another host, only the renewals count', async () => {
  const folder = temporaryFolder()
  await takeLease(folder)
  const path = holdFor(folder, { place: 'elsewhere', pid: 1 })
  expect(await takeLease(folder)).toBeUndefined()
  const lapsed = new Date(Date.now() - leaseLapsesAfterMs - 1000)
  utimesSync(path, lapsed, lapsed)
  const lease = await takeLease(folder)
  expect(await lease?.renew()).toBe(true)
})

test('a lease that says nothing readable lapses, too', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'lease.1')
  writeFileSync(path, 'half a le')
  expect(await takeLease(folder)).toBeUndefined()
  const lapsed = new Date(Date.now() - leaseLapsesAfterMs - 1000)
  utimesSync(path, lapsed, lapsed)
  expect(await takeLease(folder)).toBeDefined()
})

test('a folder that goes while its lease is asked for has none', async () => {
  for (let round = 0; round < 300; round++) {
    const folder = join(temporaryFolder(), 'journal')
    mkdirSync(folder)
    const gone = new Promise<void>(resolve =>
      setImmediate(() => resolve(rm(folder, { recursive: true, maxRetries: 3 })))
    )
    const asked = await Promise.all([takeLease(folder), gone]).then(
      () => 'answered',
      (thrown: NodeJS.ErrnoException) => `${thrown.code} ${thrown.syscall}`
    )
    expect(asked).toBe('answered')
  }
})
