import { describe, expect, test } from 'vitest'
import { operationOf, pathPattern } from '../../src/base/http-operation.ts'
import { httpPath } from '../../src/recording/http-path.ts'
import { tracePaths } from '../../src/recording/trace-paths.ts'
import { internSet, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'

const [server, client] = [2, 3]

function pathOf(name: string, kind: number, attributes: Record<string, string>): string {
  const builder = builderFromText('0ms\nmain')
  const cells = { name: builder.strings.intern(name), kind, attributes: internSet(builder, attributes) }
  const span = pushSpan(builder, 'a', 0, 1, '', cells)
  return httpPath(builder.snapshot(), span)
}

describe('the path of a span', () => {
  test.each([
    ['GET', server, { 'http.route': '/orders/:id', 'url.path': '/orders/7' }, '/orders/:id'],
    ['GET', server, { 'url.path': '/orders/7', 'url.query': 'key=secret' }, '/orders/7'],
    ['POST', server, { 'http.target': '/orders?key=secret#top' }, '/orders'],
    ['HTTP GET', server, { 'http.url': 'http://shop:3000/orders?key=secret' }, '/orders'],
    ['GET', server, { 'url.full': 'http://shop:3000' }, '/'],
    ['GET', client, { 'url.full': 'https://me:word@stock.example/items/4?a=b' }, 'stock.example/items/4'],
    ['GET', client, { 'http.url': 'http://stock:80/items', 'http.target': '/items' }, 'stock:80/items'],
    ['GET', client, { 'url.template': '/items/{id}', 'url.full': 'http://stock/items/4' }, '/items/{id}'],
    ['GET', server, {}, ''],
    ['GET', server, { 'http.route': '', 'url.path': '/' }, '/']
  ] as [string, number, Record<string, string>, string][])(
    '%s of kind %i with %j is at %s',
    (name, kind, attributes, path) => {
      expect(pathOf(name, kind, attributes)).toBe(path)
    }
  )

  test.each(['GET /orders', 'get', 'GETTING', 'middleware - GET', ''])('isn’t added to the name %j', name => {
    expect(pathOf(name, server, { 'url.path': '/orders' })).toBe('')
  })
})

test('paths that differ in numbers and ids are of one operation', () => {
  expect(pathPattern('/orders/17/items/3')).toBe('/orders/*/items/*')
  expect(pathPattern('/users/0f8fad5b-d9cb-469f-a165-70867728950e')).toBe('/users/*')
  expect(pathPattern('/files/507f1f77bcf86cd799439011/raw')).toBe('/files/*/raw')
  expect(pathPattern('F07f1f77bcf86cd799439011')).toBe('*')
  expect(pathPattern('/aabbccdd-aabb-aabb-aabb-aabbccddeeff/x')).toBe('/*/x')
  expect(pathPattern('')).toBe('')
  expect(pathPattern('/v2/feed/facade/')).toBe('/v2/feed/facade/')
  expect(operationOf('GET', '/orders/17')).toBe('GET /orders/*')
  expect(operationOf('GET /orders/:id')).toBe('GET /orders/:id')
})

test('the path of a trace is that of its root, else of its earliest span, where that is named by a method alone', () => {
  const builder = builderFromText('0ms\nmain')
  const name = builder.strings.intern('GET')
  const push = (
    trace: number,
    letter: string,
    startMs: number,
    parent: string,
    path: string,
    named = name
  ): void => {
    const traceId = new Uint8Array(16).fill(trace)
    const attributes = internSet(builder, { 'url.path': path })
    pushSpan(builder, letter, startMs, startMs + 5, parent, {
      traceId,
      name: named,
      kind: server,
      attributes
    })
  }
  push(1, 'a', 1, '', '/root')
  push(1, 'b', 0, 'a', '/early')
  push(2, 'c', 3, 'x', '/late')
  push(2, 'd', 2, 'x', '/first')
  push(3, 'e', 0, '', '/named', builder.strings.intern('GET /named'))
  push(4, 'f', 0, '', '/unwanted')
  const idOf = (trace: number): string => `0${trace}`.repeat(16)
  const paths = tracePaths(builder.snapshot(), new Set([1, 2, 3].map(idOf)))
  expect(paths).toEqual(
    new Map([
      [idOf(1), '/root'],
      [idOf(2), '/first']
    ])
  )
})
