// Instrumentations are registered before the context manager and the tracer provider exist, and the application may
// hold more than one copy of @opentelemetry/api. All copies of one major version register in one place: the object at
// globalThis[Symbol.for('opentelemetry.js.api.1')]. An accessor waits there and becomes a plain property once it is set.

const key = Symbol.for('opentelemetry.js.api.1')

export type GlobalName = 'context' | 'trace'
type GlobalApi = Record<string, unknown>
type Watcher = (name: GlobalName, value: unknown) => void

const names: readonly GlobalName[] = ['context', 'trace']

const watchers = new Set<Watcher>()
/** The objects whose entries report by themselves. */
const watched = new WeakSet<GlobalApi>()

/** Reports what is registered now and what will be. Returns how to stop watching. */
export function watchGlobalApi(watcher: Watcher): () => void {
  watchers.add(watcher)
  const present = registered()
  if (present === undefined) {
    whenSet(globalThis as unknown as Record<symbol, unknown>, key, api => {
      if (isObject(api)) watchEntries(api)
    })
  } else {
    watchEntries(present)
    for (const name of names) if (present[name] !== undefined) watcher(name, present[name])
  }
  return () => watchers.delete(watcher)
}

/** What is registered under a name now: it may have been replaced since it was reported. */
export function registeredApi(name: GlobalName): unknown {
  return registered()?.[name]
}

function registered(): GlobalApi | undefined {
  const api = (globalThis as unknown as Record<symbol, unknown>)[key]
  return isObject(api) ? api : undefined
}

function watchEntries(api: GlobalApi): void {
  if (watched.has(api)) return
  watched.add(api)
  for (const name of names) {
    if (api[name] !== undefined) continue
    whenSet(api, name, value => {
      for (const watcher of watchers) watcher(name, value)
    })
  }
}

/** Calls back once, right after the property was set for the first time; it is a plain property from then on. */
function whenSet(
  object: Record<PropertyKey, unknown>,
  property: PropertyKey,
  then: (value: unknown) => void
): void {
  if (!Object.isExtensible(object) || Object.getOwnPropertyDescriptor(object, property) !== undefined) return
  Object.defineProperty(object, property, {
    configurable: true,
    enumerable: true,
    get: () => undefined,
    set(value: unknown) {
      Object.defineProperty(object, property, { configurable: true, enumerable: true, writable: true, value })
      then(value)
    }
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
