// The other end of a JobThread.
import { parentPort } from 'node:worker_threads'
import type { FromThread, ReadBytes, ToThread } from './job-thread.ts'

interface Reading {
  resolve(bytes: Uint8Array): void
  reject(error: Error): void
}

/**
 * Does each job that the thread is asked for; those that wait for bytes let others go on.
 * @param handedOver memory of the result that isn't copied: nothing else may use it
 */
export function doJobs<Job, Result>(
  work: (job: Job, read: ReadBytes) => Promise<Result>,
  handedOver: (result: Result) => ArrayBuffer[] = () => []
): void {
  const port = parentPort
  if (!port) return
  let nextSlice = 1
  const readings = new Map<number, Reading>()
  const say = (what: FromThread<Result>, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(what, transfer)
  const readFor =
    (id: number): ReadBytes =>
    (from, to) =>
      new Promise((resolve, reject) => {
        const number = nextSlice++
        readings.set(number, { resolve, reject })
        say({ id, slice: { number, from, to } })
      })
  port.on('message', (asked: ToThread<Job>) => {
    if ('job' in asked) {
      // A job that throws has no result and no way on: the thread ends.
      void work(asked.job, readFor(asked.id)).then(done => say({ id: asked.id, done }, handedOver(done)))
      return
    }
    const reading = readings.get(asked.slice)
    readings.delete(asked.slice)
    if ('bytes' in asked) reading?.resolve(asked.bytes)
    else reading?.reject(new Error(asked.failure))
  })
  say({ ready: true })
}
