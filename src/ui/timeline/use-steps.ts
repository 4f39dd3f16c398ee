// What takes long is made part by part, each in a task of its own: the page paints and answers meanwhile.
import { onScopeDispose, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import { nextTask } from '../data/next-task.ts'

/** How many of so many parts may be made by now: none at first, all soon after. */
export function useSteps(count: number): Readonly<ShallowRef<number>> {
  const step = shallowRef(0)
  let gone = false
  onScopeDispose(() => (gone = true))
  async function walk(): Promise<void> {
    for (;;) {
      await nextTask()
      if (gone || step.value >= count) return
      step.value++
    }
  }
  void walk()
  return step
}
