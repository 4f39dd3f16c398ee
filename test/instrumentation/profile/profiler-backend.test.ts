import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { createInspectorBackend } from '../../../src/instrumentation/profile/inspector-backend.ts'
import { monotonicUs } from '../../../src/instrumentation/profile/monotonic-clock.ts'
import type { CapturedProfile } from '../../../src/instrumentation/profile/profiler-backend.ts'
import { capturedFromV8, type V8Profile } from '../../../src/instrumentation/profile/v8-profile.ts'
import { installedBackends } from '../../helpers/installed-backends.ts'
import { programPath } from '../../helpers/run-node.ts'

const backendModule = new URL(
  '../../../dist/instrumentation/profile/create-profiler-backend.js',
  import.meta.url
).href
const withoutV8Profiler = programPath('without-v8-profiler.cjs')

describe('the backend', () => {
  const script = `import(${JSON.stringify(backendModule)}).then((m) => console.log(m.createProfilerBackend().name))`
  const loaded =
    "Object.keys(require('node:module')._cache).map(path => path.split('/').at(-1)) + ' ' + process.profiler"

  it('is the best one installed, without a word where that is v8-profiler-next', () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
    expect([stdout, status]).toEqual([`${installedBackends[0]}\n`, 0])
    expect(stderr === '').toBe(installedBackends[0] === 'v8-profiler-next')
  })

  it('comes without the package’s other modules, and leaves nothing in the program', () => {
    const { stdout } = spawnSync(process.execPath, ['-e', `${script}.then(() => console.log(${loaded}))`], {
      encoding: 'utf8'
    })
    expect(stdout.split('\n').slice(1, -1)).toEqual([
      installedBackends[0] === 'v8-profiler-next' ? 'profiler.node undefined' : ' undefined'
    ])
  })

  it('is Node’s inspector where it isn’t, which one line on stderr says', () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-r', withoutV8Profiler, '-e', script], {
      encoding: 'utf8'
    })
    expect([stdout, status]).toEqual(['inspector\n', 0])
    expect(stderr).toBe(
      "microlog: v8-profiler-next can't be used here (Cannot find module 'v8-profiler-next'): sampling with Node's inspector; what helps: docs/limits.md of microlog\n"
    )
  })
})

describe('the inspector', () => {
  it('stamps samples with the monotonic clock, and hands over each rotation’s once', async () => {
    const backend = createInspectorBackend()
    const fromUs = monotonicUs()
    backend.start(1000)
    const profiles: CapturedProfile[] = []
    for (let i = 0; i < 3; i++) {
      backend.prepare()
      await burnUntil(monotonicUs() + 60_000)
      profiles.push(backend.rotate()!)
    }
    await burnUntil(monotonicUs() + 60_000)
    profiles.push(backend.stop()!)
    const toUs = monotonicUs()
    const times = profiles.flatMap(profile => Array.from(profile.monotonicUs))
    expect(profiles.map(({ samples }) => samples.length > 0)).toEqual([true, true, true, true])
    expect(times[0]).toBeGreaterThanOrEqual(fromUs - 1)
    expect(times.at(-1)).toBeLessThanOrEqual(toUs + 1)
    // No time twice: profiles overlap, what they hand over doesn't.
    expect(times.filter((time, i) => i > 0 && time <= times[i - 1]!)).toEqual([])
  })

  it('hands over nothing before it was prepared', () => {
    const backend = createInspectorBackend()
    backend.start(10_000)
    expect(backend.rotate()).toBeUndefined()
    expect(backend.stop()).toBeDefined()
  })
})

describe('a profile of V8', () => {
  const profile: V8Profile = {
    startTime: 1000,
    nodes: [
      {
        id: 7,
        callFrame: { functionName: '(root)', url: '', lineNumber: -1, columnNumber: -1 },
        children: [9, 12]
      },
      { id: 9, callFrame: { functionName: 'main', url: 'file:///a.js', lineNumber: 4, columnNumber: 10 } },
      { id: 12, callFrame: { functionName: '(idle)', url: '', lineNumber: -1, columnNumber: -1 } }
    ],
    samples: [9, 12, 9],
    timeDeltas: [10, 30, -5]
  }

  it('becomes columns, in order of time also where V8’s is another', () => {
    const { nodes, samples, monotonicUs } = capturedFromV8(profile, 0, -Infinity)
    expect(nodes).toEqual({
      functionName: ['(root)', 'main', '(idle)'],
      url: ['', 'file:///a.js', ''],
      line: [0, 5, 0],
      column: [0, 11, 0],
      parent: [-1, 0, 0]
    })
    expect([...samples]).toEqual([1, 1, 2])
    expect([...monotonicUs]).toEqual([1010, 1035, 1040])
  })

  it('keeps lines that count from 1, and leaves out what an earlier profile had', () => {
    const { nodes, samples, monotonicUs } = capturedFromV8(profile, 1, 1035)
    expect([nodes.line[1], nodes.column[1]]).toEqual([4, 10])
    expect([...samples]).toEqual([2])
    expect([...monotonicUs]).toEqual([1040])
  })
})

async function burnUntil(endUs: number): Promise<void> {
  while (monotonicUs() < endUs) await new Promise(go => setImmediate(go))
}
