// The recordings that Microlog for Python wrote, and what its own classes read from them.
import { readFileSync } from 'node:fs'
import { decompress } from 'fzstd'

interface Site {
  filename: string
  lineno: number
  name: string
}

export interface ExpectedPython {
  file: string
  application: string
  pickle_bytes: number
  counts: { calls: number; markers: number; statuses: number }
  calls: { when: number; thread_id: number; call_site: Site; depth: number; duration: number }[]
  markers: { kind: number; when: number; message: string; stack: { frames: Site[] } }[]
  statuses: Record<
    | 'when'
    | 'cpu'
    | 'system_cpu'
    | 'memory'
    | 'memory_total'
    | 'memory_free'
    | 'module_count'
    | 'object_count',
    number
  >[]
}

export const pythonFixtures = ['chatty', 'child', 'fib', 'hello', 'imports', 'parent', 'threads'] as const

const folder = new URL('../../fixtures/microlog-python/', import.meta.url)

export function expectedPython(name: string): ExpectedPython {
  return JSON.parse(readFileSync(new URL(`${name}/EXPECTED.json`, folder), 'utf8')) as ExpectedPython
}

export function pythonFile(name: string): Uint8Array {
  return readFileSync(new URL(`${name}/${expectedPython(name).file}`, folder))
}

export function pythonPickle(name: string): Uint8Array {
  return decompress(pythonFile(name))
}

/** ms in each function, summed over threads; where it calls itself, once. By name and file. */
export function functionTimes({ calls }: ExpectedPython): Map<string, number> {
  const spans = new Map<string, { from: number; to: number }[]>()
  for (const { when, duration, thread_id, call_site } of calls) {
    const key = `${call_site.filename} ${call_site.name} ${thread_id}`
    spans.set(key, [...(spans.get(key) ?? []), { from: when * 1000, to: (when + duration) * 1000 }])
  }
  const times = new Map<string, number>()
  for (const [key, own] of spans) {
    const name = key.slice(0, key.lastIndexOf(' '))
    let end = -Infinity
    let sum = 0
    for (const { from, to } of own.sort((a, b) => a.from - b.from)) {
      sum += Math.max(0, to - Math.max(from, end))
      end = Math.max(end, to)
    }
    times.set(name, (times.get(name) ?? 0) + sum)
  }
  return times
}
