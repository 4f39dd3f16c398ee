// Buying: check the coupon, set the pieces aside (one call to the stock service per line, all at once), charge the
// card, keep the order. Whatever goes wrong gives the pieces back.
import { randomUUID } from 'node:crypto'
import { findProduct } from '../catalogue.js'
import { Refusal } from '../service/refusal.js'
import { discountOf, validateCoupon } from './coupons.js'
import { chargeCard } from './payment.js'

const body = {
  type: 'object',
  required: ['lines', 'card'],
  properties: {
    lines: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: {
        type: 'object',
        required: ['sku', 'quantity'],
        properties: { sku: { type: 'string' }, quantity: { type: 'integer', minimum: 1, maximum: 99 } }
      }
    },
    card: { type: 'string', pattern: '^[0-9]{16}$' },
    coupon: { type: 'string', maxLength: 100 },
    address: { type: 'object' }
  }
}

export function addCheckoutRoutes(app, stock, orders) {
  app.post('/checkout/:cart', { schema: { body } }, async (request, reply) => {
    const { lines, card, coupon, address } = request.body
    const totalCents = priceOf(lines, acceptedCoupon(coupon, request.log))
    const reservations = await reserveAll(stock, lines, request.log)
    try {
      const { receipt } = await chargeCard(card, totalCents, request.log)
      const order = {
        id: randomUUID(),
        cart: request.params.cart,
        lines,
        totalCents,
        receipt,
        address,
        gift: !address
      }
      orders.add(order)
      request.log.info({ order: order.id, totalCents }, 'order placed')
      return reply.code(201).send({ id: order.id, totalCents })
    } catch (error) {
      request.log.error(error, 'checkout failed: giving the pieces back')
      await Promise.all(reservations.map(id => stock.release(id)))
      throw error
    }
  })
}

/** The coupon where it is one; a wrong one is no reason to lose a customer. */
function acceptedCoupon(coupon, log) {
  if (coupon === undefined || validateCoupon(coupon)) return coupon
  log.warn({ coupon }, 'coupon refused')
  return undefined
}

function priceOf(lines, coupon) {
  const full = lines.reduce((sum, { sku, quantity }) => {
    const product = findProduct(sku)
    if (!product) throw new Refusal(400, `no product is called ${sku}`)
    return sum + product.priceCents * quantity
  }, 0)
  return coupon === undefined ? full : Math.round(full * (1 - discountOf(coupon) / 100))
}

/** All lines or none: what was set aside before another line failed is given back. */
async function reserveAll(stock, lines, log) {
  const results = await Promise.allSettled(lines.map(({ sku, quantity }) => stock.reserve(sku, quantity)))
  const reserved = results.filter(result => result.status === 'fulfilled').map(result => result.value)
  const failed = results.find(result => result.status === 'rejected')
  if (!failed) return reserved
  log.warn({ reason: failed.reason.message }, 'not everything is in stock')
  await Promise.all(reserved.map(id => stock.release(id)))
  throw failed.reason
}
