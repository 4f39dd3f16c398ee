// The comparison of two recordings, made in a worker of the page, and again when one of them has grown.
import { onScopeDispose, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import type { Recording } from '../../recording/schema.ts'
import type { Comparison } from './build-comparison.ts'
import type { CompareAnswer, CompareRequest } from './compare-worker.ts'

export interface ComparisonOfTwo {
  /** Undefined until it is made. Of recordings that have grown the one before stays until then. */
  readonly comparison: Readonly<ShallowRef<Comparison | undefined>>
  /** Why there is none. */
  readonly problem: Readonly<ShallowRef<string | undefined>>
}

/** @param a undefined while it isn't there, `b` as well */
export function useComparison(
  a: () => Recording | undefined,
  b: () => Recording | undefined
): ComparisonOfTwo {
  const comparison = shallowRef<Comparison>()
  const problem = shallowRef<string>()
  /** What the worker knows. */
  let told: CompareRequest['sides'] = {}
  let number = 0
  let isBusy = false

  const worker = new Worker(new URL('./compare-worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<CompareAnswer>) => {
    isBusy = false
    if (data.number === number) comparison.value = Object.freeze(data.comparison)
    ask()
  }
  worker.onerror = event => {
    event.preventDefault()
    isBusy = false
    problem.value = event.message || 'The comparing worker could not be started'
  }

  /** One at a time: what grows faster than it is compared is compared as it is then. */
  function ask(): void {
    const sides = { a: a(), b: b() }
    if (isBusy || !sides.a || !sides.b || (sides.a === told.a && sides.b === told.b)) return
    isBusy = true
    worker.postMessage({
      number,
      sides: {
        ...(sides.a !== told.a && { a: sides.a }),
        ...(sides.b !== told.b && { b: sides.b })
      }
    } satisfies CompareRequest)
    told = { a: sides.a, b: sides.b }
  }

  watch(
    [a, b],
    ([left, right]) => {
      if (!left || !right) {
        // Others are on their way: what was compared is of no use for them.
        number++
        comparison.value = undefined
        problem.value = undefined
      }
      ask()
    },
    { immediate: true }
  )
  onScopeDispose(() => worker.terminate())
  return { comparison, problem }
}
