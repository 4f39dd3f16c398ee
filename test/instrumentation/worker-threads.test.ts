import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { installedBackends } from '../helpers/installed-backends.ts'

interface Outcome {
  threads: {
    backend: string
    threadId: number
    spanId: string
    seen: Record<string, (string | null)[]>
    threadName: string
    profileThreadId: number
    logs: string[]
  }[]
  ends: { way: string; code: number }[]
}

const program = fileURLToPath(new URL('programs/worker-threads.mjs', import.meta.url))

describe('worker threads', () => {
  const running = promisify(execFile)(process.execPath, [program]).then(
    ({ stdout }) => JSON.parse(stdout) as Outcome
  )

  it('are sampled as threads of their own, with their own functions, spans and logs only', async () => {
    const { threads } = await running
    expect(threads.map(thread => thread.backend)).toEqual([installedBackends[0], 'inspector', 'inspector'])
    expect(new Set(threads.map(thread => thread.threadId)).size).toBe(3)
    const names = ['main', 'first', 'second']
    threads.forEach((thread, i) => {
      const samples = thread.seen[names[i]!] ?? []
      expect(thread.profileThreadId).toBe(thread.threadId)
      expect(Object.keys(thread.seen)).toEqual([names[i]])
      expect(samples.length).toBeGreaterThan(0)
      expect(samples.filter(spanId => spanId !== thread.spanId)).toEqual([])
      expect(thread.logs).toEqual([`log of ${names[i]}`])
    })
    expect(threads[0]!.threadName).toBe('main')
    expect(threads[1]!.threadName).toBe(`worker-${threads[1]!.threadId}`)
  })

  it('may return, throw, exit or be terminated while they are sampled', async () => {
    const { ends } = await running
    const codes = { return: 0, throw: 1, exit: 3, terminate: 1 }
    expect(ends).toHaveLength(12)
    for (const { way, code } of ends) expect(code, way).toBe(codes[way as keyof typeof codes])
  })
})
