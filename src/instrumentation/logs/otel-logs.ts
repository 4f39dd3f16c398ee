// An OpenTelemetry instrumentation of a logger sends the same calls as we do, by the program's SDK and wherever that sends.
// Its records get the uid of ours: who gets both, knows that they are one call.
import type { LogCapture } from './log-capture.ts'

type Emit = (this: unknown, record: { attributes?: Record<string, unknown> }) => unknown

/** Of the API for logs, which is not the one for traces; a function that gives the provider of a version. */
const globalKey = Symbol.for('io.opentelemetry.js.api.logs')
const apiVersion = 1

interface Provider {
  getLogger?(name: string): object
}

/** To be called now and then: the SDK may come after us. Returns how to undo it. */
export function createOtelLogMarks(capture: LogCapture): { look(): void; stop(): void } {
  let seen: unknown
  const undo: (() => void)[] = []
  return {
    look() {
      const getter = (globalThis as unknown as Record<symbol, unknown>)[globalKey]
      if (getter === seen) return
      seen = getter
      if (typeof getter !== 'function') return
      try {
        const provider = (getter as (version: number) => Provider | undefined)(apiVersion)
        const logger = provider?.getLogger?.('microlog')
        if (logger !== undefined) undo.push(markRecords(capture, logger))
      } catch {
        // Another SDK than we know: its records stay as they are.
      }
    },
    stop() {
      for (const step of undo.splice(0).reverse()) step()
    }
  }
}

function markRecords(capture: LogCapture, logger: object): () => void {
  const prototype = Object.getPrototypeOf(logger) as { emit?: Emit }
  const original = prototype.emit
  if (typeof original !== 'function') return () => {}
  const marked: Emit = function (record) {
    const uid = capture.currentUid()
    if (uid === undefined) return original.call(this, record)
    return original.call(this, { ...record, attributes: { ...record.attributes, 'log.record.uid': uid } })
  }
  prototype.emit = marked
  return () => {
    if (prototype.emit === marked) prototype.emit = original
  }
}
