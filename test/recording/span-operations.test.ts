import { expect, test } from 'vitest'
import { spanOperations } from '../../src/recording/span-operations.ts'
import { internSet, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'

/** The operation of each span, given by its name and path. */
function operations(spans: readonly [name: string, path?: string][]): string[] {
  const builder = builderFromText('0ms\nmain')
  for (const [i, [name, path]] of spans.entries()) {
    const attributes = path === undefined ? 0 : internSet(builder, { 'url.path': path })
    pushSpan(builder, `s${i}`, i, i + 1, '', { name: builder.strings.intern(name), kind: 2, attributes })
  }
  const { names, of } = spanOperations(builder.snapshot())
  return Array.from(of, row => names[row]!)
}

test('a span that is named by its method alone is told apart by its path, ids aside', () => {
  expect(
    operations([
      ['GET', '/orders/1'],
      ['GET', '/orders/2'],
      ['GET', '/'],
      ['GET'],
      ['GET /cart', '/cart'],
      ['query']
    ])
  ).toEqual(['GET /orders/*', 'GET /orders/*', 'GET /', 'GET', 'GET /cart', 'query'])
})

test('where each path is another thing’s, what they begin with is told', () => {
  const products = Array.from({ length: 51 }, (_, i): [string, string] => ['GET', `/products/shirt-${i}`])
  expect(new Set(operations([...products, ['GET', '/cart'], ['POST', '/cart']]))).toEqual(
    new Set(['GET /products/…', 'GET /cart', 'POST /cart'])
  )
  expect(new Set(operations(products.slice(1))).size).toBe(50)
})

test('where they have nothing in common, the method is all that is told', () => {
  const pages = Array.from({ length: 51 }, (_, i): [string, string] => ['GET', `/page-${i}`])
  expect(new Set(operations(pages))).toEqual(new Set(['GET']))
})
