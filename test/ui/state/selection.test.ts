import { createMemoryHistory, createRouter } from 'vue-router'
import type { Router } from 'vue-router'
import { describe, expect, test } from 'vitest'
import { createAddress } from '../../../src/ui/state/address.ts'
import { createSelection } from '../../../src/ui/state/use-selection.ts'
import type { Selection } from '../../../src/ui/state/use-selection.ts'

const page = { render: () => null }

async function openAt(path: string): Promise<{ router: Router; selection: Selection }> {
  const routes = [{ path: '/:rest(.*)*', component: page }]
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push(path)
  return { router, selection: createSelection(createAddress(router)) }
}

/** Until the address says so: writes of one gesture are put together. */
async function untilAddress(router: Router, fullPath: string): Promise<void> {
  await expect.poll(() => decodeURIComponent(router.currentRoute.value.fullPath)).toBe(fullPath)
}

describe('the selection', () => {
  test('is read from the address it is opened at', async () => {
    const { selection } = await openAt(
      '/r/x/timeline?t=12.1-14&q=a|b&span=00000000000000ff&hide=debug,internals&threads=1,4&sel=log:abc'
    )
    expect(selection.range.value).toEqual({ from: 12.1e9, to: 14e9 })
    expect(selection.search.value).toBe('a|b')
    expect(selection.span.value).toBe('00000000000000ff')
    expect(selection.hide.value).toEqual(['debug', 'internals'])
    expect(selection.hiddenThreads.value).toEqual([1, 4])
    expect(selection.log.value).toBe('abc')
    expect(selection.call.value).toBeNull()
  })

  test('is written into the address, and what is unset leaves no trace there', async () => {
    const { router, selection } = await openAt('/r/x')
    selection.selectCall({ thread: 3, depth: 12, time: 5_000_000 })
    await untilAddress(router, '/r/x?sel=call:3.12.5000000')
    selection.selectLog('uid')
    selection.setHiddenThreads([])
    await untilAddress(router, '/r/x?sel=log:uid&threads=-')
    selection.selectLog(null)
    selection.setHiddenThreads(null)
    await untilAddress(router, '/r/x')
  })

  test('keeps exact times while the address has as many digits as a screen can show', async () => {
    const { router, selection } = await openAt('/r/x')
    const range = { from: 1_234_567_890.4, to: 2_234_567_891.7 }
    selection.setRange(range)
    await untilAddress(router, '/r/x?t=1.2346-2.2346')
    expect(selection.range.value).toBe(range)
  })

  test('tells stretches of microseconds apart, an hour into a recording', async () => {
    const { router, selection } = await openAt('/r/x')
    selection.setRange({ from: 3_600_000_001_000, to: 3_600_000_003_500 })
    await untilAddress(router, '/r/x?t=3600.000001-3600.0000035')
  })

  test('keeps the last of two quick changes, though the first is still on its way into the address', async () => {
    const { router, selection } = await openAt('/r/x')
    selection.setSearch('a')
    selection.setSearch('ab')
    await untilAddress(router, '/r/x?q=ab')
    expect(selection.search.value).toBe('ab')
  })

  test('goes back to the stretch before, not through every step of a gesture', async () => {
    const { router, selection } = await openAt('/r/x?t=0-10')
    selection.setRange({ from: 1e9, to: 5e9 }, 'push')
    await untilAddress(router, '/r/x?t=1-5')
    for (let i = 1; i <= 50; i++) selection.setRange({ from: 1e9 + i * 1e7, to: 5e9 + i * 1e7 }, 'replace')
    await untilAddress(router, '/r/x?t=1.5-5.5')
    router.back()
    await untilAddress(router, '/r/x?t=0-10')
    expect(selection.range.value).toEqual({ from: 0, to: 10e9 })
  })

  test('follows a link to another page, and forgets what was only of the page before', async () => {
    const { router, selection } = await openAt('/r/x?t=0-10&q=a')
    selection.setSearch('ab')
    selection.setSearch('abc')
    await router.push('/t/y?span=00000000000000aa')
    expect(selection.range.value).toBeNull()
    expect(selection.search.value).toBe('')
    expect(selection.span.value).toBe('00000000000000aa')
    selection.selectSpan('00000000000000bb')
    await untilAddress(router, '/t/y?span=00000000000000bb')
  })

  test.each([
    't=5-1',
    't=a-b',
    't=1e99-2e99',
    't=1-2-3',
    'span=xyz',
    'span=00000000000000FG',
    'sel=call:1.2',
    'sel=call:-1.0.5',
    'sel=log:',
    `sel=log:${'a'.repeat(201)}`,
    'threads=1;2',
    'threads=1,,2'
  ])('takes nothing from a link with %s', async query => {
    const { selection } = await openAt(`/r/x?${query}`)
    expect(selection.range.value).toBeNull()
    expect(selection.span.value).toBeNull()
    expect(selection.call.value).toBeNull()
    expect(selection.log.value).toBeNull()
    expect(selection.hiddenThreads.value).toBeNull()
  })
})
