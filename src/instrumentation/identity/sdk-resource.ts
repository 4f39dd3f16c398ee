import { trace } from '@opentelemetry/api'
import { watchGlobalApi } from '../spans/global-api.ts'
import { takeInstance, type Identity, type SdkResource } from './resource.ts'

/** The resource of the SDK whose tracer provider is registered; undefined while there is none. */
export function registeredSdkResource(): SdkResource | undefined {
  const registered = trace.getTracerProvider() as { getDelegate?(): unknown }
  const provider = typeof registered.getDelegate === 'function' ? registered.getDelegate() : registered
  // Private in the 2.x and 3.x lines alike: every step is checked.
  const { _resource, resource } = (provider ?? {}) as { _resource?: unknown; resource?: unknown }
  return [_resource, resource].find(isResource)
}

/** Calls back once, when an SDK's resource is there. Returns how to stop waiting. */
export function whenSdkResource(then: (resource: SdkResource) => void): () => void {
  let done = false
  const look = (): void => {
    const resource = done ? undefined : registeredSdkResource()
    if (resource === undefined) return
    done = true
    then(resource)
  }
  const stop = watchGlobalApi(name => {
    // The API registers its proxy first and tells it of the provider right after.
    if (name === 'trace') queueMicrotask(look)
  })
  return () => {
    done = true
    stop()
  }
}

/** In a worker thread, an SDK's detectors may make up an instance of their own; its spans belong to the process's. */
export function keepInstance(identity: Identity): () => void {
  return whenSdkResource(resource => takeInstance(identity, resource))
}

function isResource(value: unknown): value is SdkResource {
  return typeof value === 'object' && value !== null && 'attributes' in value
}
