import { callSite } from './call-site.ts'
import { exceptionAttributes } from './exceptions.ts'
import { attributesOfFields } from './log-fields.ts'
import type { LogCall, LogCapture } from './log-capture.ts'
import { isFileOf, type LoggerModule } from './logger-modules.ts'
import { numberOfTens } from './severities.ts'

interface BunyanRecord extends Record<string, unknown> {
  level?: unknown
  msg?: unknown
  err?: unknown
}

type Emit = (this: unknown, record: BunyanRecord, onlyText?: boolean) => unknown

interface Bunyan {
  prototype: { _emit?: Emit }
  nameFromLevel?: Record<number, string>
}

/** Fields that are told otherwise, or by the resource. */
const told = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'err', 'v'])
const isBunyanFile = isFileOf('bunyan')

export function bunyanModule(capture: LogCapture): LoggerModule {
  return {
    file: 'bunyan/lib/bunyan.js',
    patch(exports) {
      const { prototype, nameFromLevel } = exports as Bunyan
      const original = prototype._emit
      if (original === undefined) return () => {}
      const patched: Emit = function (record, onlyText) {
        if (onlyText === true || capture.isInside()) return original.call(this, record, onlyText)
        let done = false
        const make = (): LogCall => {
          const level = Number(record.level)
          return {
            severity: { number: numberOfTens(level), text: nameFromLevel?.[level] ?? String(level) },
            body: typeof record.msg === 'string' ? record.msg : '',
            attributes: { ...attributesOfFields(record, told), ...exceptionAttributes(record.err) },
            site: callSite(patched, isBunyanFile)
          }
        }
        return capture.call(
          () => {
            const text = original.call(this, record, onlyText)
            done = true
            return text
          },
          () => (done ? make : undefined)
        )
      }
      prototype._emit = patched
      return () => {
        if (prototype._emit === patched) prototype._emit = original
      }
    }
  }
}
