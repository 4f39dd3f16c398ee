// The example shop as its users run it: two processes with the example's own set-up file, and real requests.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runService, startService, type Service } from './shop-processes.ts'
import { createTraceReceiver, type ReceivedSpan, type TraceReceiver } from './trace-receiver.ts'

const ADDRESS = { street: '7 Mill Lane', city: 'Ghent' }
const CARD = '4000000000001000'
const WAIT = { timeout: 20_000, interval: 50 }

let receiver: TraceReceiver
let stock: Service
let shop: Service

beforeAll(async () => {
  receiver = await createTraceReceiver()
  stock = await startService('stock', receiver.url)
  shop = await startService('shop', receiver.url, ['--stock', stock.url])
})

afterAll(async () => {
  await shop?.end()
  await stock?.end()
  receiver?.close()
})

async function get(
  path: string,
  service = shop
): Promise<{ status: number; body: string; headers: Headers }> {
  const response = await fetch(new URL(path, service.url))
  return { status: response.status, body: await response.text(), headers: response.headers }
}

async function post(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(new URL(path, shop.url), {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' }
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** The spans of the newest trace with such a span, as soon as `count` of them have come. */
async function traceWith(name: string, count: number): Promise<ReceivedSpan[]> {
  const spansOfTrace = (): ReceivedSpan[] => {
    const traceId = receiver.spans.findLast(span => span.name === name)?.traceId
    return receiver.spans.filter(span => span.traceId === traceId)
  }
  await expect.poll(() => spansOfTrace().length, WAIT).toBeGreaterThanOrEqual(count)
  return spansOfTrace()
}

describe('the shop answers', () => {
  test('the front page as HTML with products and what is left of them', async () => {
    const { status, body } = await get('/')
    expect(status).toBe(200)
    expect(body).toMatch(/<b>Alder chair, small<\/b> €9\.00 \(\d+ left\)/)
  })

  test('the whole catalogue compressed, and 304 to who has it already', async () => {
    const { status, body, headers } = await get('/products')
    expect(status).toBe(200)
    expect(headers.get('content-encoding')).toBe('gzip')
    expect(JSON.parse(body).items).toHaveLength(240)
    const again = await fetch(new URL('/products', shop.url), {
      headers: { 'if-none-match': headers.get('etag') ?? '' }
    })
    expect(again.status).toBe(304)
  })

  test('a product with alternatives, and 404 for what it does not sell', async () => {
    const { status, body } = await get('/products/mug-cedar-large')
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ name: 'Cedar mug, large', available: expect.any(Number) })
    expect(JSON.parse(body).alternatives).toHaveLength(3)
    expect((await get('/products/nothing')).status).toBe(404)
  })

  test('a misspelt search with the product that was meant', async () => {
    const { body } = await get('/search?q=ceder%20mug')
    expect(JSON.parse(body).items[0].name).toMatch(/^Cedar mug/)
  })

  test('the right password with a session and a wrong one with 401', async () => {
    expect(await post('/login', { name: 'ada', password: 'correct horse' })).toMatchObject({ status: 200 })
    expect(await post('/login', { name: 'ada', password: 'battery staple' })).toMatchObject({ status: 401 })
    expect(await post('/login', { name: 'nobody', password: 'correct horse' })).toMatchObject({ status: 401 })
  })

  test('an order with its price, a coupon taken off, and shows it again', async () => {
    const lines = [{ sku: 'mug-cedar-large', quantity: 2 }]
    const full = await post('/checkout/cart-1', { lines, card: CARD, address: ADDRESS })
    expect(full).toMatchObject({ status: 201, body: { totalCents: 18_200 } })
    const less = await post('/checkout/cart-1', { lines, card: CARD, address: ADDRESS, coupon: 'SPRING25' })
    expect(less).toMatchObject({ status: 201, body: { totalCents: 13_650 } })
    const refused = await post('/checkout/cart-1', {
      lines,
      card: CARD,
      address: ADDRESS,
      coupon: 'S'.repeat(22) + '?'
    })
    expect(refused).toMatchObject({ status: 201, body: { totalCents: 18_200 } })
    expect((await get(`/orders/${full.body.id}`)).status).toBe(200)
    expect((await get(`/orders/${full.body.id}/invoice`)).body).toContain('7 Mill Lane, Ghent')
    expect((await get('/orders/nobody')).status).toBe(404)
  })

  test('a sold-out product with 409, a declined card with 402, a silent provider with 503, and gives the pieces back', async () => {
    const before = JSON.parse((await get('/stock/desk-elm-small', stock)).body).available
    const desk = { sku: 'desk-elm-small', quantity: 2 }
    const soldOut = { sku: 'vase-willow-large', quantity: 1 }
    expect(await post('/checkout/c', { lines: [desk, soldOut], card: CARD })).toMatchObject({ status: 409 })
    expect(await post('/checkout/c', { lines: [desk], card: '4000000000000002' })).toMatchObject({
      status: 402
    })
    expect(await post('/checkout/c', { lines: [desk], card: '4000000000000341' })).toMatchObject({
      status: 503
    })
    expect(await post('/checkout/c', { lines: [desk], card: 'x' })).toMatchObject({ status: 400 })
    expect(JSON.parse((await get('/stock/desk-elm-small', stock)).body).available).toBe(before)
  })

  test('a report from its worker thread', async () => {
    const { status, body } = await get('/reports/demand')
    expect(status).toBe(200)
    expect(JSON.parse(body).demand).toContainEqual(expect.objectContaining({ kind: 'mug' }))
  })

  test('the invoice of a present with 500, and says why in its log', async () => {
    expect((await get('/orders/present/invoice')).status).toBe(500)
    await expect
      .poll(() => shop.output(), WAIT)
      .toContain(`Cannot read properties of undefined (reading 'street')`)
  })

  test('the count of the stock service, sealed', async () => {
    const { kinds, seal } = JSON.parse((await get('/count', stock)).body)
    expect(kinds).toHaveLength(10)
    expect(seal).toMatch(/^[0-9a-f]{128}$/)
  })
})

describe('the traces of the shop', () => {
  test('cross from one process to the other', async () => {
    await post('/checkout/cart-2', {
      lines: [{ sku: 'tray-elm-small', quantity: 1 }],
      card: CARD,
      address: ADDRESS
    })
    const spans = await traceWith('POST /checkout/:cart', 3)
    const server = spans.find(span => span.name === 'POST /checkout/:cart')
    const reservation = spans.find(span => span.name === 'POST /stock/:sku/reservations')
    const call = spans.find(span => span.spanId === reservation?.parentSpanId)
    expect(server).toMatchObject({ service: 'shop', attributes: { 'http.route': '/checkout/:cart' } })
    expect(reservation?.service).toBe('stock')
    expect(call).toMatchObject({ service: 'shop', parentSpanId: server?.spanId })
  })

  test('go on in the worker thread, as the same process', async () => {
    await get('/reports/demand')
    const spans = await traceWith('calculate report', 2)
    const server = spans.find(span => span.name === 'GET /reports/demand')
    const ofWorker = spans.find(span => span.name === 'calculate report')
    expect(ofWorker?.parentSpanId).toBe(server?.spanId)
    expect(ofWorker?.instance).toBe(server?.instance)
    expect(ofWorker?.instance).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('carry the exception of a request that failed', async () => {
    await get('/orders/present/invoice')
    const spans = await traceWith('GET /orders/:id/invoice', 1)
    expect(spans.flatMap(span => span.events.map(event => event.name))).toContain('exception')
  })
})

describe('the coupon check', () => {
  test('accepts codes, refuses what is none, and never looks at more than 25 characters', async () => {
    const { validateCoupon } = await import(
      new URL('../../examples/shop/storefront/coupons.js', import.meta.url).href
    )
    expect(['SPRING25', 'FRIENDS-10', 'A'.repeat(25)].map(validateCoupon)).toEqual([true, true, true])
    expect(['', 'spring', 'SPRING?', 'A'.repeat(26)].map(validateCoupon)).toEqual([
      false,
      false,
      false,
      false
    ])
  })
})

describe('the load', () => {
  test('is the same for the same seed and covers the slow and the failing requests', async () => {
    const load = new URL('../../examples/shop/load/', import.meta.url)
    const { createRandom } = await import(new URL('random.js', load).href)
    const { drawVisit } = await import(new URL('visits.js', load).href)
    const draw = (seed: number): { name: string }[] => {
      const random = createRandom(seed)
      return Array.from({ length: 1000 }, () => drawVisit(random))
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    const names = new Set(draw(1).map(visit => visit.name))
    expect(names.size).toBe(16)
    expect(names).toContain('checkout, bad coupon')
    expect(names).toContain('invoice, failing')
  })
})

describe('a service', () => {
  test('ends with 0 on SIGTERM, its last spans sent, its worker thread closed', async () => {
    const own = await startService('shop', receiver.url, ['--stock', stock.url])
    await get('/reports/demand', own)
    const spansBefore = receiver.spans.length
    await get('/orders/first', own)
    expect(await own.end('SIGTERM')).toBe(0)
    const late = receiver.spans.slice(spansBefore)
    expect(late.map(span => span.name)).toContain('GET /orders/:id')
  })

  test('names the port it can not have and how to choose another', async () => {
    const port = new URL(stock.url).port
    const { code, output } = await runService('stock', receiver.url, ['--port', port])
    expect(code).toBe(1)
    expect(output).toContain(`port ${port} can't be used (EADDRINUSE); choose another one with --port`)
  })
})
