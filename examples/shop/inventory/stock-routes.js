// The stock service's routes: how much is left, setting pieces aside, giving them back, and counting everything.
import { createHash } from 'node:crypto'
import { Refusal } from '../service/refusal.js'

const body = {
  type: 'object',
  required: ['quantity'],
  properties: { quantity: { type: 'integer', minimum: 1, maximum: 99 } }
}

export function addStockRoutes(app, inventory) {
  app.addHook('onClose', () => inventory.close())

  app.get('/stock/:sku', async request => {
    const { sku } = request.params
    const available = inventory.level(sku)
    if (available === undefined) throw new Refusal(404, `no product is called ${sku}`)
    request.log.trace({ sku, available }, 'level')
    return { sku, available }
  })

  app.post('/stock/:sku/reservations', { schema: { body } }, async (request, reply) => {
    const { sku } = request.params
    const { quantity } = request.body
    const id = inventory.reserve(sku, quantity)
    if (id === undefined) {
      console.error(`not enough of ${sku}: ${quantity} wanted, ${inventory.level(sku) ?? 'none'} left`)
      throw new Refusal(409, `${sku} is sold out`)
    }
    request.log.debug({ sku, quantity, reservation: id }, 'reserved')
    const restocked = inventory.restock()
    if (restocked > 0) request.log.warn({ products: restocked }, 'running low: ordered more')
    return reply.code(201).send({ id, sku, quantity })
  })

  app.delete('/reservations/:id', async request => {
    const released = inventory.release(Number(request.params.id))
    if (!released) throw new Refusal(404, `there is no reservation ${request.params.id}`)
    request.log.info({ reservation: request.params.id }, 'released')
    return { released }
  })

  app.get('/count', async request => {
    const kinds = inventory.count()
    const seal = createHash('sha512').update(JSON.stringify(kinds)).digest('hex')
    request.log.info({ kinds: kinds.length }, 'counted')
    return { kinds, seal }
  })
}
