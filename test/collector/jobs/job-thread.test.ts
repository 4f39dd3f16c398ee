import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { JobThread } from '../../../src/collector/jobs/job-thread.ts'
import { runNode } from '../../helpers/run-node.ts'
import { temporaryFolder } from '../temporary-store.ts'

const doJobs = new URL('../../../dist/collector/jobs/job-script.js', import.meta.url)

/** Its jobs end the thread, wait for ever, or are done. */
function createThread(): JobThread<'end' | 'throw' | 'wait' | 'do', string> {
  const path = join(temporaryFolder(), 'worker.mjs')
  writeFileSync(
    path,
    `import { doJobs } from '${doJobs}'
     doJobs(async job => {
       if (job === 'end') process.exit(7)
       if (job === 'throw') throw new Error('no way')
       if (job === 'wait') await new Promise(() => {})
       return 'done'
     })`
  )
  const thread = new JobThread<'end' | 'throw' | 'wait' | 'do', string>(pathToFileURL(path), 'test')
  onTestFinished(() => thread.close())
  return thread
}

afterEach(() => vi.useRealTimers())

test('a job that ends the thread fails, and the next one has a new thread', async () => {
  const thread = createThread()
  expect(await thread.do('do')).toBe('done')
  await expect(thread.do('end')).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The thread test ended amid this: exit code 7'
  })
  expect(await thread.do('do')).toBe('done')
  await expect(thread.do('throw')).rejects.toThrow('The thread test ended amid this: no way')
  expect(await thread.do('do')).toBe('done')
})

test('jobs that were under way with it fail, too, and none is left waiting', async () => {
  const thread = createThread()
  const waiting = thread.do('wait')
  const ending = thread.do('end')
  await expect(waiting).rejects.toThrow('exit code 7')
  await expect(ending).rejects.toThrow('exit code 7')
  expect(thread.jobs).toBe(0)
})

test('after some deaths in a row there is no new thread for a minute', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const thread = createThread()
  for (let i = 0; i < 3; i++) await expect(thread.do('end')).rejects.toThrow('exit code 7')
  await expect(thread.do('do')).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The thread test has ended 3 times in a row: it is tried again within a minute'
  })
  vi.advanceTimersByTime(60_000)
  expect(await thread.do('do')).toBe('done')
})

test('closed amid a job, it has no result', async () => {
  const thread = createThread()
  const waiting = thread.do('wait')
  await thread.close()
  expect(await waiting).toBe(undefined)
  expect(await thread.do('do')).toBe(undefined)
})

test('one that was prepared keeps no program alive, and does jobs as any other', async () => {
  const script = `
    import { JobThread } from '${doJobs.href.replace('job-script', 'job-thread')}'
    const thread = new JobThread(new URL(process.argv[2]), 'test')
    thread.prepare()
    if (process.argv[3]) console.log(await thread.do('job'))`
  const path = join(temporaryFolder(), 'prepares.mjs')
  writeFileSync(path, script)
  const worker = join(temporaryFolder(), 'worker.mjs')
  writeFileSync(worker, `import { doJobs } from '${doJobs}'\ndoJobs(async job => job + ' done')`)
  const url = pathToFileURL(worker).href
  expect(await runNode([path, url])).toMatchObject({ code: 0, stdout: '' })
  expect(await runNode([path, url, 'do'])).toMatchObject({ code: 0, stdout: 'job done\n' })
})
