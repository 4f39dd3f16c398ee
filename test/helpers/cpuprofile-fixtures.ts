import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { readCpuprofile } from '../../src/convert/read-cpuprofile.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { summarizeFunctions } from '../../src/recording/summary.ts'

export const cpuprofileFixtures = ['http-10ms.cpuprofile', 'http-1ms.cpuprofile', 'tsc-10ms.cpuprofile.gz']

export function cpuprofileFixture(name: string): Uint8Array {
  const bytes = readFileSync(new URL(`../fixtures/cpuprofiles/${name}`, import.meta.url))
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

export function recordedFixture(name: string): Recording {
  const origin = { name: 'shop', startUnixNano: 1_795_333_068_669_000_123n }
  return readCpuprofile(cpuprofileFixture(name), origin)
}

/** 'name file:line self total samples' of each function, in whole µs: what must survive other formats. */
export function functionTimes(recording: Recording): string[] {
  return summarizeFunctions(recording)
    .map(
      ({ name, file, line, selfMs, totalMs, samples }) =>
        `${name} ${file}:${line} ${Math.round(selfMs * 1000)} ${Math.round(totalMs * 1000)} ${samples}`
    )
    .sort()
}
