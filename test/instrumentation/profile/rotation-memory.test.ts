import { describe, expect, it } from 'vitest'
import { installedBackends } from '../../helpers/installed-backends.ts'
import { programPath, runNode } from '../../helpers/run-node.ts'

describe.each(installedBackends)('%s', backend => {
  it('keeps nothing of the profiles it has handed over', async () => {
    const { stdout } = await runNode(['--expose-gc', programPath('rotations.mjs'), backend, '1000'])
    const { backend: used, heap } = JSON.parse(stdout) as { backend: string; heap: number[] }
    expect(used).toBe(backend)
    // Of these small profiles, 500 that were kept took 310 KB. One collection may leave what V8 compiles just then.
    expect(Math.min(...heap.slice(-3)) - heap[4]!).toBeLessThan(100_000)
  })
})
