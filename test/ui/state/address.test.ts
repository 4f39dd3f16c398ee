import { afterEach, expect, test, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Router } from 'vue-router'
import { createAddress } from '../../../src/ui/state/address.ts'

afterEach(() => vi.useRealTimers())

const page = { render: () => null }

/** Two pages, of which the second has to be loaded first. */
function createPages(load: Promise<typeof page>): Router {
  return createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/list', component: page },
      { path: '/detail', component: () => load }
    ]
  })
}

test('a link followed while the address still has something to write leads where it says', async () => {
  vi.useFakeTimers()
  let loaded = (_: typeof page): void => {}
  const router = createPages(new Promise(resolve => (loaded = resolve)))
  await router.push('/list')
  const address = createAddress(router)
  address.set({ name: 'checkout' })
  await vi.advanceTimersByTimeAsync(1)
  address.set({ min: '100' })

  const left = router.push('/detail')
  await vi.advanceTimersByTimeAsync(1_000)
  address.set({ text: 'typed while leaving' })
  await vi.advanceTimersByTimeAsync(1_000)
  loaded(page)
  await left

  expect(router.currentRoute.value.fullPath).toBe('/detail')
  expect(address.query.value).toEqual({})
  // Back is to the list as it was left.
  router.back()
  await vi.advanceTimersByTimeAsync(10)
  expect(router.currentRoute.value.fullPath).toBe('/list?name=checkout&min=100')
  expect(address.query.value).toEqual({ name: 'checkout', min: '100' })
})

test('a page that can not be loaded leaves the address as writable as it was', async () => {
  vi.useFakeTimers()
  const router = createPages(Promise.reject(new Error('the collector is gone')))
  await router.push('/list')
  const address = createAddress(router)
  await expect(router.push('/detail')).rejects.toThrow('the collector is gone')
  address.set({ name: 'checkout' })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(address.query.value).toEqual({ name: 'checkout' })
  expect(router.currentRoute.value.fullPath).toBe('/list?name=checkout')
})

test('the writes of one gesture are the first and the last', async () => {
  vi.useFakeTimers()
  const router = createPages(Promise.resolve(page))
  await router.push('/list')
  const address = createAddress(router)
  const written: string[] = []
  router.afterEach(to => void written.push(to.fullPath))
  for (let i = 1; i <= 50; i++) address.set({ t: String(i) })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(written).toEqual(['/list?t=1', '/list?t=50'])
})

test('what is written just before a link is followed is there on the way back', async () => {
  const router = createPages(Promise.resolve(page))
  await router.push('/list')
  const address = createAddress(router)
  address.set({ sel: 'log:a' })
  await router.push('/detail')
  router.back()
  await expect.poll(() => router.currentRoute.value.fullPath).toBe('/list?sel=log:a')
  expect(address.query.value).toEqual({ sel: 'log:a' })
})
