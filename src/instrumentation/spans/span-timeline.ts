import { AsyncResource, createHook, type AsyncHook } from 'node:async_hooks'
import { trace, type Context, type ContextManager } from '@opentelemetry/api'
import { slotOf, type SpanSlot } from './span-state.ts'

const initialCapacity = 1 << 15
/** Into an array of BigInts it costs 31 ns, half of any clock that gives a number. Taken before the program mocks its clocks. */
const monotonicNs = process.hrtime.bigint
/** 8 MB; beyond that the timeline starts again at its end, and older samples lose their span. */
const largestCapacity = 1 << 19
/** Every span that is noted is kept in memory until the next rotation. */
const crowdedLength = 1 << 16

/** Which span was active when, as far as it changed: `slots[i]` from `timesUs[i]` on. */
export interface SpanChanges {
  timesUs: Float64Array
  slots: readonly (SpanSlot | undefined)[]
  length: number
}

/** Where the context manager offers it: sets the context until disposed. */
interface AttachingManager extends ContextManager {
  attach?(context: Context): { dispose(): void }
}

/**
 * Notes each change of the active span on this thread. Three places see them all: the context manager's `with`, the `before`
 * hook of every asynchronous continuation, and AsyncResource's `runInAsyncScope`, which goes into another context and back
 * within one continuation (and whose `before` comes too early from Node 24 on). An `after` hook would add six times the
 * entries and nothing else: what runs next has a `before` of its own, and between the two the thread is idle.
 */
export class SpanTimeline {
  #timesNs = new BigInt64Array(initialCapacity)
  #slots: (SpanSlot | undefined)[] = new Array<SpanSlot | undefined>(initialCapacity).fill(undefined)
  #length = 1
  #current: SpanSlot | undefined
  #context: Context | undefined
  #manager: AttachingManager | undefined
  #unwrap: (() => void) | undefined
  readonly #hook: AsyncHook

  constructor() {
    this.#hook = createHook({ before: () => this.#noteActive() })
  }

  /** The span that is active now, as far as noted. */
  get current(): SpanSlot | undefined {
    return this.#current
  }

  /** Time to take it. */
  get crowded(): boolean {
    return this.#length > crowdedLength
  }

  /** Follows a context manager; a second call follows the new one. */
  follow(manager: ContextManager): void {
    if (this.#manager === manager) return
    this.#unwrap?.()
    this.#manager = manager
    const unwrapManager = this.#wrap(manager)
    const unwrapScopes = this.#wrapScopes()
    this.#unwrap = () => {
      unwrapScopes()
      unwrapManager()
    }
    this.#hook.enable()
  }

  /** Leaves the program as it was. */
  stop(): void {
    this.#hook.disable()
    this.#unwrap?.()
    this.#unwrap = undefined
    this.#manager = undefined
    this.#note(undefined)
  }

  /** What is noted so far. Good until `forget`: the slots are ours and used again. */
  get changes(): SpanChanges {
    const timesUs = new Float64Array(this.#length)
    // Halves of the BigInts: a BigInt for each would cost ten times as much.
    const halves = new Uint32Array(this.#timesNs.buffer)
    for (let i = 0; i < this.#length; i++) timesUs[i] = (halves[2 * i + 1]! * 2 ** 32 + halves[2 * i]!) / 1000
    return { timesUs, slots: this.#slots, length: this.#length }
  }

  /** Forgets what was before a time; the change that holds at that time stays. */
  forget(beforeUs: number): void {
    const beforeNs = BigInt(Math.round(beforeUs * 1000))
    let first = this.#length - 1
    while (first > 0 && this.#timesNs[first]! > beforeNs) first--
    const kept = this.#length - first
    this.#timesNs.copyWithin(0, first, this.#length)
    for (let i = 0; i < kept; i++) this.#slots[i] = this.#slots[first + i]
    // Slots left behind would keep spans' ids in memory.
    this.#slots.fill(undefined, kept, this.#length)
    this.#length = kept
  }

  // An exception in an async hook ends the process, and one in `with` would be the program's: neither may leave here.
  #noteActive(): void {
    try {
      const context = this.#manager?.active()
      if (context !== this.#context) this.#enter(context)
    } catch {
      this.stop()
    }
  }

  #enter(context: Context | undefined): void {
    this.#context = context
    const span = context === undefined ? undefined : trace.getSpan(context)
    const slot = span === undefined ? undefined : slotOf(span)
    if (slot !== this.#current) this.#note(slot)
  }

  #note(slot: SpanSlot | undefined): void {
    this.#current = slot
    if (this.#length === this.#timesNs.length && !this.#grow()) this.#length = 0
    this.#timesNs[this.#length] = monotonicNs()
    this.#slots[this.#length++] = slot
  }

  #grow(): boolean {
    const capacity = this.#timesNs.length * 2
    if (capacity > largestCapacity) return false
    const timesNs = new BigInt64Array(capacity)
    timesNs.set(this.#timesNs)
    this.#timesNs = timesNs
    this.#slots.length = capacity
    return true
  }

  #wrapScopes(): () => void {
    const prototype = AsyncResource.prototype
    const original = prototype.runInAsyncScope as (this: AsyncResource, ...args: unknown[]) => unknown
    const note = (): void => {
      if (this.#manager !== undefined) this.#noteActive()
    }
    const wrapped = function (this: AsyncResource, fn: unknown, ...args: unknown[]): unknown {
      if (typeof fn !== 'function') return original.call(this, fn, ...args)
      const noted: Callback = function (...innerArgs) {
        note()
        return (fn as Callback).apply(this, innerArgs)
      }
      try {
        return original.call(this, noted, ...args)
      } finally {
        note()
      }
    } as RunInAsyncScope
    prototype.runInAsyncScope = wrapped
    return () => {
      if (prototype.runInAsyncScope === wrapped) prototype.runInAsyncScope = original as RunInAsyncScope
    }
  }

  #wrap(manager: AttachingManager): () => void {
    const ownWith = Object.getOwnPropertyDescriptor(manager, 'with')
    const ownAttach = Object.getOwnPropertyDescriptor(manager, 'attach')
    // The methods stay those of the manager: only their surroundings are noted.
    const originalWith = manager.with
    const enter = (context: Context | undefined): void => {
      // Somebody may have wrapped ours, which then stays when we go.
      if (this.#manager !== manager) return
      try {
        this.#enter(context)
      } catch {
        this.stop()
      }
    }
    const wrappedWith = function <A extends unknown[], F extends (...args: A) => ReturnType<F>>(
      context: Context,
      fn: F,
      thisArg?: ThisParameterType<F>,
      ...args: A
    ): ReturnType<F> {
      const outer = manager.active()
      enter(context)
      try {
        return originalWith.call(manager, context, fn as never, thisArg, ...args) as ReturnType<F>
      } finally {
        enter(outer)
      }
    }
    manager.with = wrappedWith
    const originalAttach = manager.attach
    const wrappedAttach: typeof originalAttach =
      originalAttach &&
      (context => {
        const token = originalAttach.call(manager, context)
        enter(context)
        return {
          dispose() {
            token.dispose()
            enter(manager.active())
          }
        }
      })
    if (wrappedAttach !== undefined) manager.attach = wrappedAttach
    return () => {
      if (manager.with === wrappedWith) restore(manager, 'with', ownWith)
      if (wrappedAttach !== undefined && manager.attach === wrappedAttach)
        restore(manager, 'attach', ownAttach)
    }
  }
}

type RunInAsyncScope = AsyncResource['runInAsyncScope']
type Callback = (this: unknown, ...args: unknown[]) => unknown

function restore(object: object, property: string, own: PropertyDescriptor | undefined): void {
  if (own === undefined) Reflect.deleteProperty(object, property)
  else Object.defineProperty(object, property, own)
}
