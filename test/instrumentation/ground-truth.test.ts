import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

interface GroundTruth {
  backend: string
  spans: { spanId: string; name: string }[]
  spanOfFunction: Record<string, string>
  logs: string[]
  rotations: Rotation[]
  /** Each makes the sampler take a stack at once. */
  profilesStarted: number
  reference: string[] | null
}

interface Rotation {
  functions: (string | null)[]
  leaves: string[]
  spans: (string | null)[]
  endpoints: (string | null)[]
  times: number[]
  fromUs: number
  toUs: number
  logs: { uid: string; caller: string | null; spanId: string | null }[]
  spanStarts: { spanId: string | null; stack: string[] }[]
}

const program = fileURLToPath(new URL('programs/ground-truth.mjs', import.meta.url))

describe.each(['v8-profiler-next', 'inspector'])(
  '24 interleaved requests under a stock NodeSDK, sampled by %s',
  name => {
    const running = run(name)

    it('puts at least 99.5 % of the samples on the right span', async () => {
      const truth = await running
      expect(truth.backend).toBe(name)
      let right = 0
      const wrong: Record<string, number> = {}
      for (const rotation of truth.rotations) {
        rotation.functions.forEach((burner, i) => {
          if (burner === null) return
          if (rotation.spans[i] === truth.spanOfFunction[burner]) right++
          else {
            const way = `${burner.replace(/^r\d+_/, '')} on ${rotation.spans[i] === null ? 'no' : 'another'} span`
            wrong[way] = (wrong[way] ?? 0) + 1
          }
        })
      }
      const total = right + Object.values(wrong).reduce((sum, count) => sum + count, 0)
      process.stdout.write(
        `${name}: ${right} of ${total} samples on the right span (${((100 * right) / total).toFixed(2)} %)\n`
      )
      expect(total).toBeGreaterThan(500)
      expect(right / total, JSON.stringify(wrong)).toBeGreaterThanOrEqual(0.995)
    })

    it('gives samples to parents and to child spans of every request', async () => {
      const truth = await running
      const seen = new Set(truth.rotations.flatMap(rotation => rotation.spans))
      expect(truth.spans).toHaveLength(48)
      expect(truth.spans.filter(span => !seen.has(span.spanId))).toEqual([])
    })

    it('never gives idle time to a span', async () => {
      const { rotations } = await running
      const idle = rotations.flatMap(({ leaves, spans }) =>
        spans.filter((_span, i) => leaves[i] === '(idle)')
      )
      expect(idle.length).toBeGreaterThan(0)
      expect(idle.filter(span => span !== null)).toEqual([])
    })

    it('names the endpoint of the local root on each sample of a span', async () => {
      const truth = await running
      for (const { functions, endpoints } of truth.rotations) {
        functions.forEach((burner, i) => {
          const request = /^r(\d+)_/.exec(burner ?? '')?.[1]
          if (request !== undefined && endpoints[i] !== null) expect(endpoints[i]).toBe(`request ${request}`)
        })
      }
    })

    it('keeps times ascending through all rotations and inside each one’s range', async () => {
      const { rotations } = await running
      expect(rotations.length).toBeGreaterThan(3)
      const times = rotations.flatMap(rotation => rotation.times)
      expect(times.filter((time, i) => i > 0 && time < times[i - 1]!)).toEqual([])
      for (const { times, fromUs, toUs } of rotations) {
        expect(times.filter(time => time < fromUs - 1000 || time > toUs + 1000)).toEqual([])
      }
    })

    it('keeps the stack of every log call, with its uid, its caller and its span', async () => {
      const truth = await running
      const logs = truth.rotations.flatMap(rotation => rotation.logs)
      expect(logs.map(log => log.uid).sort()).toEqual([...truth.logs].sort())
      expect(logs.filter(log => log.caller !== log.uid)).toEqual([])
      expect(logs.filter(log => log.spanId !== truth.spanOfFunction[log.uid])).toEqual([])
    })
  }
)

describe('v8-profiler-next', () => {
  const running = run('v8-profiler-next')

  it('loses no sample at a rotation: all that a sampler over the whole time sees is in the rotations', async () => {
    const { rotations, reference, profilesStarted } = await running
    const sent = rotations.flatMap(rotation => rotation.leaves)
    const askedFor =
      rotations.flatMap(({ logs, spanStarts }) => [...logs, ...spanStarts]).length + profilesStarted
    // Both have the sample that the reference took when it began, the first one that a native call asked for.
    let at = sent.indexOf(reference![0]!)
    let extra = 0
    for (const leaf of reference!) {
      if (sent[at] === leaf) at++
      else {
        expect(leaf).toBe(reference![0])
        extra++
      }
    }
    process.stdout.write(
      `${reference!.length - extra} samples in ${rotations.length} rotations, ${askedFor} stacks asked for\n`
    )
    expect(extra).toBe(askedFor)
  })

  it('keeps the stack at which each span was started', async () => {
    const { rotations, spans } = await running
    const starts = rotations.flatMap(rotation => rotation.spanStarts)
    expect(starts.map(start => start.spanId).sort()).toEqual(spans.map(span => span.spanId).sort())
    expect(starts.filter(start => !start.stack.includes('request'))).toEqual([])
  })
})

async function run(backend: string): Promise<GroundTruth> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, backend, '1000'], {
    maxBuffer: 64 * 1024 * 1024
  })
  return JSON.parse(stdout) as GroundTruth
}
