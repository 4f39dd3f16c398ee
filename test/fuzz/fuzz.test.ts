// Inputs that nobody meant, made by changing those that are read: each is read or refused with an error of ours, in
// little time and without leaving memory behind. `npm run fuzz` tries a million for each reader.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { MicrologError } from '../../src/base/errors.ts'
import { Random } from '../helpers/random.ts'
import { mutate } from './mutate.ts'
import { fuzzTargets } from './targets.ts'
import type { FuzzTarget } from './targets.ts'

const inputs = Number(process.env.MICROLOG_FUZZ_INPUTS ?? 20_000)
const longestCpuMs = 250
const mostHeapGrowth = 16 * 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Everything follows from the number of the input: a failure names it. */
async function readInput(target: FuzzTarget, number: number): Promise<void> {
  const random = new Random(Math.imul(number + 1, 0x9e3779b1))
  const bytes = mutate(random, random.pick(target.seeds), random.pick(target.seeds))
  try {
    await target.read(bytes, random)
  } catch (error) {
    if (error instanceof MicrologError) return
    throw new Error(`Input ${number} of ${target.name}: ${bytes.length} bytes`, { cause: error })
  }
}

/** CPU time, the best of three: what else the machine does may not count. */
async function isSlow(target: FuzzTarget, number: number): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = process.cpuUsage()
    await readInput(target, number)
    const { user, system } = process.cpuUsage(before)
    if ((user + system) / 1000 <= longestCpuMs) return false
  }
  return true
}

function heapBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

for (const target of await fuzzTargets()) {
  test(
    `${target.name}: ${inputs} changed inputs are read or refused, none slowly, and memory stays flat`,
    async () => {
      const slow: number[] = []
      let heapBefore = 0
      for (let number = 0; number < inputs; number++) {
        if (number === Math.floor(inputs / 4)) heapBefore = heapBytes()
        const from = performance.now()
        await readInput(target, number)
        if (performance.now() - from > longestCpuMs && (await isSlow(target, number))) slow.push(number)
      }
      expect(slow).toEqual([])
      expect(heapBytes() - heapBefore).toBeLessThan(mostHeapGrowth)
    },
    6 * 3600_000
  )
}
