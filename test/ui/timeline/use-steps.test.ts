import { expect, test } from 'vitest'
import { effectScope } from 'vue'
import { nextTask } from '../../../src/ui/data/next-task.ts'
import { useSteps } from '../../../src/ui/timeline/use-steps.ts'

test('each part is made in a task of its own', async () => {
  const step = effectScope().run(() => useSteps(2))!
  const seen = [step.value]
  for (let task = 0; task < 3; task++) {
    await nextTask()
    seen.push(step.value)
  }
  expect(seen).toEqual([0, 1, 2, 2])
})

test('nothing is made for a page that is gone', async () => {
  const scope = effectScope()
  const step = scope.run(() => useSteps(2))!
  await nextTask()
  scope.stop()
  await nextTask()
  expect(step.value).toBe(1)
})
