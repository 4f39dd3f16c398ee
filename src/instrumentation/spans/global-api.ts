// Instrumentations are registered before the context manager and the tracer provider exist, and the application may
// hold more than one copy of @opentelemetry/api. All copies of one major version register in one place: the object at
// globalThis[Symbol.for('opentelemetry.js.api.1')]. An accessor waits there and becomes a plain property once it is set.

const key = Symbol.for('opentelemetry.js.api.1')

export type GlobalName = 'context' | 'trace'
type Watcher = (name: GlobalName, value: unknown) => void

const names: readonly GlobalName[] = ['context', 'trace']

const watchers = new Set<Watcher>()
const reported = new Map<GlobalName, unknown>()

/** Takes the accessors away that still wait. */
const withdrawals = new Set<() => void>()

/** Reports what is registered now and what will be. Returns how to stop watching. */
export function watchGlobalApi(watcher: Watcher): () => void {
  recheckGlobalApi()
  watchers.add(watcher)
  for (const [name, value] of reported) watcher(name, value)
  return () => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    for (const withdraw of withdrawals) withdraw()
    reported.clear()
  }
}

/** Unregistering deletes the property and our accessor with it: to be called now and then, to see what comes after. */
export function recheckGlobalApi(): void {
  const api = (globalThis as unknown as Record<symbol, unknown>)[key]
  if (!isObject(api)) {
    reported.clear()
    whenSet(globalThis as unknown as Record<symbol, unknown>, key, recheckGlobalApi)
    return
  }
  for (const name of names) {
    const value = api[name]
    if (value === undefined) {
      reported.delete(name)
      whenSet(api, name, recheckGlobalApi)
    } else if (reported.get(name) !== value) {
      reported.set(name, value)
      for (const watcher of watchers) watcher(name, value)
    }
  }
}

/** Calls back once, right after the property was set for the first time; it is a plain property from then on. */
function whenSet(object: Record<PropertyKey, unknown>, property: PropertyKey, then: () => void): void {
  if (!Object.isExtensible(object) || Object.getOwnPropertyDescriptor(object, property) !== undefined) return
  const get = (): undefined => undefined
  const withdraw = (): void => {
    withdrawals.delete(withdraw)
    if (Object.getOwnPropertyDescriptor(object, property)?.get === get)
      Reflect.deleteProperty(object, property)
  }
  withdrawals.add(withdraw)
  Object.defineProperty(object, property, {
    configurable: true,
    enumerable: true,
    get,
    set(value: unknown) {
      withdrawals.delete(withdraw)
      Object.defineProperty(object, property, { configurable: true, enumerable: true, writable: true, value })
      then()
    }
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
