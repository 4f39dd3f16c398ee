// What is looked at: time range, thread, span, call, log and search. The views never talk to each other; they meet
// here, and this mirrors itself in the address, so that reload, back and a shared link give the same view.
import { inject, shallowRef, watch } from 'vue'
import type { InjectionKey, ShallowRef } from 'vue'
import type { TimeRange } from '../../recording/time-range.ts'
import type { Address } from './address.ts'
import type { CallPick } from './selection-address.ts'
import { formatIds, formatPick, formatRange, parseIds, parsePick, parseRange } from './selection-address.ts'

export type { CallPick }

/** How a change is kept: 'replace' while a gesture runs, 'push' when it is done (Back returns to before). */
export type Keep = 'replace' | 'push'

export interface Selection {
  /** What the time axis shows, in ns since the epoch of what is on the screen; null is everything. */
  readonly range: Readonly<ShallowRef<TimeRange | null>>
  /** The selected span: 16 hex digits. */
  readonly span: Readonly<ShallowRef<string | null>>
  readonly call: Readonly<ShallowRef<CallPick | null>>
  /** The selected log: its uid, or what `logKey` gives one without. */
  readonly log: Readonly<ShallowRef<string | null>>
  /** A regular expression, as typed. */
  readonly search: Readonly<ShallowRef<string>>
  /** Ids of the threads that are folded away; null where the view decides. */
  readonly hiddenThreads: Readonly<ShallowRef<readonly number[] | null>>
  /** What is left out of the pictures: free words of the views, e.g. 'internals'. */
  readonly hide: Readonly<ShallowRef<readonly string[]>>
  setRange(range: TimeRange | null, keep?: Keep): void
  selectSpan(span: string | null, keep?: Keep): void
  selectCall(call: CallPick | null, keep?: Keep): void
  selectLog(log: string | null, keep?: Keep): void
  setSearch(search: string): void
  setHiddenThreads(threads: readonly number[] | null): void
  setHide(hide: readonly string[]): void
}

export function createSelection(address: Address): Selection {
  const range = shallowRef<TimeRange | null>(null)
  const span = shallowRef<string | null>(null)
  const call = shallowRef<CallPick | null>(null)
  const log = shallowRef<string | null>(null)
  const search = shallowRef('')
  const hiddenThreads = shallowRef<readonly number[] | null>(null)
  const hide = shallowRef<readonly string[]>([])

  // The address is read only where it says something else than what is shown: its times are rounded.
  function follow(name: string, written: () => string | undefined, read: (text: string | undefined) => void) {
    const take = (text: string | undefined) => text !== written() && read(text)
    watch(() => address.query.value[name], take, { flush: 'sync', immediate: true })
  }
  const writtenPick = () => formatPick(call.value, log.value)
  follow(
    't',
    () => formatRange(range.value),
    text => (range.value = parseRange(text))
  )
  follow(
    'span',
    () => span.value ?? undefined,
    text => (span.value = parseSpan(text))
  )
  follow('sel', writtenPick, text => ({ call: call.value, log: log.value } = parsePick(text)))
  follow(
    'q',
    () => search.value || undefined,
    text => (search.value = text ?? '')
  )
  follow(
    'threads',
    () => formatIds(hiddenThreads.value),
    text => (hiddenThreads.value = parseIds(text))
  )
  follow(
    'hide',
    () => hide.value.join(',') || undefined,
    text => (hide.value = text ? text.split(',') : [])
  )

  return {
    range,
    span,
    call,
    log,
    search,
    hiddenThreads,
    hide,
    setRange(next, keep = 'push') {
      range.value = next
      address.set({ t: formatRange(next) }, keep)
    },
    selectSpan(next, keep = 'replace') {
      span.value = next
      address.set({ span: next ?? undefined }, keep)
    },
    selectCall(next, keep = 'replace') {
      call.value = next
      log.value = null
      address.set({ sel: writtenPick() }, keep)
    },
    selectLog(next, keep = 'replace') {
      log.value = next
      call.value = null
      address.set({ sel: writtenPick() }, keep)
    },
    setSearch(next) {
      search.value = next
      address.set({ q: next })
    },
    setHiddenThreads(next) {
      hiddenThreads.value = next
      address.set({ threads: formatIds(next) })
    },
    setHide(next) {
      hide.value = next
      address.set({ hide: next.join(',') })
    }
  }
}

function parseSpan(text: string | undefined): string | null {
  return text && /^[0-9a-f]{16}$/.test(text) ? text : null
}

export const selectionKey: InjectionKey<Selection> = Symbol('selection')

export function useSelection(): Selection {
  const selection = inject(selectionKey)
  if (!selection) throw new Error('useSelection needs a component below App')
  return selection
}
