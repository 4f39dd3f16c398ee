import { expect, test } from 'vitest'
import { exceptionAttributes } from '../../../src/instrumentation/logs/exceptions.ts'
import { attributesOfFields } from '../../../src/instrumentation/logs/log-fields.ts'

const none = new Set<string>()

test('fields keep their types, objects become JSON', () => {
  const date = new Date(0)
  expect(
    attributesOfFields(
      { n: 2.5, yes: true, text: 'a', list: [1, 'b'], at: date, big: 10n, deep: { a: { b: 1 } } },
      none
    )
  ).toEqual({
    n: 2.5,
    yes: true,
    text: 'a',
    list: '[1,"b"]',
    at: '1970-01-01T00:00:00.000Z',
    big: '10',
    deep: '{"a":{"b":1}}'
  })
})

test('hostile objects are neither run nor followed for ever', () => {
  const cyclic: Record<string, unknown> = { a: 1 }
  cyclic.self = cyclic
  let ran = false
  const getter = {
    get secret(): string {
      ran = true
      throw new Error('never read me')
    }
  }
  const refuse = (): never => {
    ran = true
    throw new Error('never touch me')
  }
  const proxy = new Proxy(
    {},
    { get: refuse, ownKeys: refuse, getPrototypeOf: refuse, getOwnPropertyDescriptor: refuse }
  )
  let nested: unknown = 'bottom'
  for (let i = 0; i < 10_000; i++) nested = [nested]
  const attributes = attributesOfFields(
    {
      cyclic,
      getter,
      proxy,
      nested,
      bad: { toJSON: refuse },
      ['__proto__x']: 1,
      symbol: Symbol('s'),
      f() {}
    },
    none
  )
  expect(ran).toBe(true)
  expect(attributes).toEqual({
    cyclic: '{"a":1,"self":"[Circular]"}',
    getter: '{"secret":"[Getter]"}',
    proxy: '[Proxy]',
    nested: '[[[[[["[Array]"]]]]]]',
    bad: '[Throws]',
    __proto__x: 1,
    symbol: 'Symbol(s)'
  })
  expect(attributesOfFields(proxy, none)).toEqual({})
})

test('objects that throw whatever they are asked cost their own value only', () => {
  const refuse = (): never => {
    throw new Error('never touch me')
  }
  const bare = Object.setPrototypeOf(Uint8Array.of(1), null) as unknown
  const list = Object.assign([1], { [Symbol.iterator]: refuse })
  const date = Object.assign(new Date(0), { getTime: refuse, toISOString: refuse })
  const child: unknown = Object.create(new Proxy({}, { getPrototypeOf: refuse }))
  expect(attributesOfFields({ bare, list, date, child, inside: { list }, fine: 1 }, none)).toEqual({
    bare: '[Throws]',
    list: '[Throws]',
    date: '1970-01-01T00:00:00.000Z',
    child: '{}',
    inside: '{"list":"[Throws]"}',
    fine: 1
  })
})

test('a name that would become the prototype is left out', () => {
  const attributes = attributesOfFields(JSON.parse('{"__proto__":{"polluted":1},"a":1}') as object, none)
  expect(Object.keys(attributes)).toEqual(['a'])
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test('huge values are bounded and marked, and too many fields are counted', () => {
  const attributes = attributesOfFields(
    { text: 'x'.repeat(1e7), list: new Array(1e6).fill('item'), object: { inside: 'y'.repeat(1e6) } },
    none
  )
  for (const value of Object.values(attributes)) expect(String(value).length).toBeLessThan(10_000)
  expect(attributes['microlog.cut']).toBe('text,list,object')
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`field${i}`, i]))
  expect(attributesOfFields(many, none)['microlog.dropped.attributes']).toBe(36)
})

test('the first error among the fields is the exception', () => {
  expect(attributesOfFields({ order: 1, reason: new RangeError('too far') }, none)).toMatchObject({
    order: 1,
    'exception.type': 'RangeError',
    'exception.message': 'too far'
  })
})

test('an error that can hardly be read gives what it gives', () => {
  const error = new Error('text')
  Object.defineProperty(error, 'stack', {
    get() {
      throw new Error('no stack')
    }
  })
  expect(exceptionAttributes(error)).toEqual({ 'exception.type': 'Error', 'exception.message': 'text' })
  const circular = new Error('round')
  circular.cause = circular
  expect(exceptionAttributes(circular)['exception.stacktrace']).not.toContain('caused by')
})
