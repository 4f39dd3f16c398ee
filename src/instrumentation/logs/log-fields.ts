// What a logger was given beside its text, as attributes. The objects are the program's and may be anything: nothing here
// runs its getters, walks further than a bound, or throws.
import { types } from 'node:util'
import type { LogAttributes } from '../record-sink.ts'
import { cutText, withCutNames } from './cut.ts'
import { exceptionAttributes } from './exceptions.ts'

const mostFields = 64
const longestFieldText = 8 * 1024
const deepest = 6
const mostNodes = 500

/** What an OpenTelemetry instrumentation adds to a logger's fields: the record has it in places of its own. */
const correlation = ['trace_id', 'span_id', 'trace_flags']

const nothing: ReadonlySet<string> = new Set()

/**
 * An attribute for each field, under the name it has. The first error among them becomes the exception.
 * @param told names of fields that the record has elsewhere
 */
export function attributesOfFields(fields: object, told = nothing): LogAttributes {
  const attributes: LogAttributes = {}
  let count = 0
  let left = 0
  const cut: string[] = []
  const names = ownNames(fields)
  const isCorrelated = correlation.every(name => names.includes(name))
  for (const name of names) {
    if (isCorrelated && correlation.includes(name)) continue
    // Assigned, it would become the prototype.
    if (told.has(name) || name === '__proto__') continue
    const value = ownValue(fields, name)
    if (value === undefined || value === null || typeof value === 'function') continue
    if (count === mostFields) {
      left++
      continue
    }
    if (isError(value) && attributes['exception.type'] === undefined) {
      Object.assign(attributes, exceptionAttributes(value))
      continue
    }
    const budget = newBudget()
    attributes[name] = attributeOf(value, budget)
    if (budget.exceeded) cut.push(name)
    count++
  }
  if (left > 0) attributes['microlog.dropped.attributes'] = left
  return cut.length === 0 ? attributes : withCutNames(attributes, cut)
}

function attributeOf(value: unknown, budget: Budget): string | number | boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object' && typeof value !== 'string') return String(value)
  const plain = plainOf(value, budget, 0, [])
  return typeof plain === 'string' ? plain : JSON.stringify(plain)
}

/** Text of a whole object, where it stands for the message. */
export function textOfFields(fields: object): string {
  return JSON.stringify(plainOf(fields, newBudget(), 0, []))
}

/** What may still be copied of one value. */
interface Budget {
  nodes: number
  characters: number
  exceeded: boolean
}

function newBudget(): Budget {
  return { nodes: mostNodes, characters: longestFieldText, exceeded: false }
}

function spent(budget: Budget): boolean {
  if (budget.nodes > 0 && budget.characters > 0) return false
  budget.exceeded = true
  return true
}

/** A copy that JSON.stringify can't stumble over, also of an object that throws whatever it is asked. */
function plainOf(value: unknown, budget: Budget, depth: number, above: object[]): unknown {
  try {
    return copied(value, budget, depth, above)
  } catch {
    return '[Throws]'
  }
}

function copied(value: unknown, budget: Budget, depth: number, above: object[]): unknown {
  if (typeof value === 'string') {
    if (value.length > budget.characters) budget.exceeded = true
    const kept = cutText(value, Math.max(0, budget.characters))
    budget.characters -= kept.length
    return kept
  }
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (spent(budget)) return '…'
  budget.nodes--
  if (types.isProxy(value)) return '[Proxy]'
  if (above.includes(value)) return '[Circular]'
  if (types.isDate(value)) return dateText(value)
  if (isError(value)) return exceptionAttributes(value)
  if (ArrayBuffer.isView(value)) return `[${value.constructor.name} of ${value.byteLength} bytes]`
  if (depth >= deepest) return Array.isArray(value) ? '[Array]' : '[Object]'
  const inside = [...above, value]
  const copyOf = (item: unknown): unknown => plainOf(item, budget, depth + 1, inside)
  if (types.isSet(value) || Array.isArray(value)) return firstOf(value as Iterable<unknown>, budget, copyOf)
  if (types.isMap(value)) {
    return firstOf(value as Iterable<unknown>, budget, pair => (pair as unknown[]).map(copyOf))
  }
  const converted = jsonOf(value)
  if (converted !== value) return copyOf(converted)
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const name of ownNames(value)) {
    if (spent(budget)) {
      copy['…'] = '…'
      break
    }
    budget.characters -= name.length
    copy[name.slice(0, 200)] = copyOf(ownValue(value, name))
  }
  return copy
}

function firstOf(items: Iterable<unknown>, budget: Budget, copyOf: (item: unknown) => unknown): unknown[] {
  const copies: unknown[] = []
  for (const item of items) {
    if (spent(budget)) {
      copies.push('…')
      break
    }
    budget.nodes--
    copies.push(copyOf(item))
  }
  return copies
}

function dateText(date: Date): string {
  return Number.isNaN(Date.prototype.getTime.call(date))
    ? 'Invalid Date'
    : Date.prototype.toISOString.call(date)
}

/** As JSON.stringify would ask it; what its class can't do it stays itself. */
function jsonOf(value: object): unknown {
  try {
    const { toJSON } = value as { toJSON?: unknown }
    return typeof toJSON === 'function' ? (toJSON.call(value) as unknown) : value
  } catch {
    return '[Throws]'
  }
}

function ownNames(value: object): string[] {
  try {
    return types.isProxy(value) ? [] : Object.keys(value)
  } catch {
    return []
  }
}

function ownValue(value: object, name: string): unknown {
  const property = Object.getOwnPropertyDescriptor(value, name)
  return property?.get === undefined ? property?.value : '[Getter]'
}

/** Made by braces: its fields are what it says. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

export function isError(value: unknown): value is Error {
  if (types.isProxy(value)) return false
  try {
    return types.isNativeError(value) || value instanceof Error
  } catch {
    // There may be a proxy among its prototypes.
    return false
  }
}
