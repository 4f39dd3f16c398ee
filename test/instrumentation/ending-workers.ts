// Runs the program whose worker threads end in every way, and says what became of each of them.
import { createOtlpReceiver } from '../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode } from '../helpers/run-node.ts'

interface EndedThread {
  id: number
  name: string
  way: string
}

export interface EndingWorkers {
  code: number | null
  signal: NodeJS.Signals | null
  stderr: string
  threads: EndedThread[]
  /** Threads whose beginning and end are known, by name. */
  accounted: string[]
  /** Those that could say so have handed over everything: their log line, and none of their time is lost. */
  incomplete: string[]
  /** Log lines of errors that ended a thread. */
  thrown: number
}

export async function runEndingWorkers(ending: number, left: number, node?: string): Promise<EndingWorkers> {
  const receiver = await createOtlpReceiver()
  const ended = await runNode(
    ['--import', registerUrl, programPath('ending-workers.mjs'), String(ending), String(left)],
    { MICROLOG_OTLP_URL: receiver.url, OTEL_SDK_DISABLED: 'true' },
    { node }
  )
  await receiver.close()
  // Between what the threads print.
  const told = /^ended (.*)$/m.exec(ended.stdout)?.[1]
  const threads = JSON.parse(told ?? '[]') as EndedThread[]
  const values = (metric: string): Map<unknown, number[]> => {
    const byThread = new Map<unknown, number[]>()
    for (const { name, value, attributes } of receiver.points) {
      if (name !== metric) continue
      const id = attributes['thread.id']
      byThread.set(id, [...(byThread.get(id) ?? []), value])
    }
    return byThread
  }
  const alive = values('microlog.thread.alive')
  const lost = values('microlog.thread.lost')
  const names = new Map(
    receiver.points
      .filter(({ name }) => name === 'microlog.thread.alive')
      .map(({ attributes }) => [attributes['thread.id'], attributes['thread.name']])
  )
  const logged = new Set(receiver.logs.map(({ attributes }) => attributes['thread.id']))
  return {
    ...ended,
    threads,
    accounted: threads
      .filter(({ id, name }) => alive.get(id)?.join() === '1,0' && names.get(id) === name)
      .map(({ name }) => name),
    incomplete: threads
      .filter(({ way }) => ['return', 'throw', 'exit'].includes(way))
      .filter(({ id }) => lost.get(id)?.join() !== '0' || !logged.has(id))
      .map(({ name, way }) => `${name}: ${way}`),
    thrown: receiver.logs.filter(
      ({ severity, attributes }) => severity === 'ERROR' && attributes['exception.message'] === 'as planned'
    ).length
  }
}
