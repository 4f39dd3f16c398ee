import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { installedBackends } from '../helpers/installed-backends.ts'

interface GroundTruth {
  backend: string
  spans: { spanId: string; name: string }[]
  spanOfFunction: Record<string, string>
  logs: string[]
  rotations: Rotation[]
  reference: ReferenceSample[]
}

interface ReferenceSample {
  name: string
  isOurs: boolean
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
const runs = new Map<string, Promise<GroundTruth>>()

describe.each(installedBackends)('24 interleaved requests under a stock NodeSDK, sampled by %s', name => {
  const running = runOnce(name)

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
    const idle = rotations.flatMap(({ leaves, spans }) => spans.filter((_span, i) => leaves[i] === '(idle)'))
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
})

describe.each(installedBackends)('%s over some rotations', name => {
  const running = runOnce(name)

  it('loses no sample at a rotation: all that a sampler over the whole time sees is in the rotations', async () => {
    const { rotations, reference } = await running
    const sent = rotations.flatMap(rotation => rotation.leaves)
    const marks = rotations.flatMap(({ logs }) => logs)
    const asked = askedFor(reference, sent)
    process.stdout.write(`${name}: ${reference.length} samples in ${rotations.length} rotations\n`)
    // The inspector can't be asked for a log call's stack: those are captured in JavaScript, as are those of few spans.
    const starts = (asked ?? NaN) - (name === 'inspector' ? 0 : marks.length)
    // Each rotation but the first begins with a profile's start; one more may have begun when all ended.
    expect([rotations.length - 1, rotations.length]).toContain(starts)
  })

  it('keeps the stack at which each span was started', async () => {
    const { rotations, spans } = await running
    const starts = rotations.flatMap(rotation => rotation.spanStarts)
    expect(starts.map(start => start.spanId).sort()).toEqual(spans.map(span => span.spanId).sort())
    expect(starts.filter(start => !start.stack.includes('request'))).toEqual([])
  })
})

/**
 * How many of the reference's samples were taken because we asked; the others must be in `sent`, in the same order, from
 * where the reference began. Undefined where they aren't.
 */
function askedFor(reference: ReferenceSample[], sent: string[]): number | undefined {
  const first = reference[0]!.name
  for (let from = sent.indexOf(first); from >= 0; from = sent.indexOf(first, from + 1)) {
    let at = from
    const extra = reference.filter(({ name }) => name !== sent[at] || (at++, false))
    if (extra.every(({ isOurs }) => isOurs)) return extra.length
  }
  return undefined
}

function runOnce(backend: string): Promise<GroundTruth> {
  const running = runs.get(backend) ?? run(backend)
  runs.set(backend, running)
  return running
}

async function run(backend: string): Promise<GroundTruth> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, backend, '1000'], {
    maxBuffer: 64 * 1024 * 1024
  })
  return JSON.parse(stdout) as GroundTruth
}
