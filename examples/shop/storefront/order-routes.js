// Looking at an order, and printing its invoice. The invoice of a present fails: nobody thought of orders without an
// address. That's the shop's bug, on purpose, answered with 500.
import { createHash } from 'node:crypto'
import Handlebars from 'handlebars'
import { findProduct } from '../catalogue.js'
import { Refusal } from '../service/refusal.js'

const invoice = Handlebars.compile(`<h1>Invoice {{order.id}}</h1>
<p>{{street}}, {{city}}</p>
<table>{{#each lines}}<tr><td>{{name}}</td><td>{{quantity}}</td></tr>{{/each}}</table>
<p>Total {{order.totalCents}} cents. Checksum {{checksum}}</p>
`)

export function addOrderRoutes(app, orders) {
  app.get('/orders/:id', async request => findOrder(request))

  app.get('/orders/:id/invoice', async (request, reply) => {
    const order = findOrder(request)
    request.log.debug({ order: order.id }, 'printing the invoice')
    return reply.type('text/html').send(renderInvoice(order))
  })

  function findOrder(request) {
    const order = orders.find(request.params.id)
    if (order) return order
    request.log.info({ order: request.params.id }, 'no such order')
    throw new Refusal(404, `there is no order ${request.params.id}`)
  }
}

function renderInvoice(order) {
  return invoice({
    order,
    street: order.address.street,
    city: order.address.city,
    lines: order.lines.map(line => ({ ...line, name: findProduct(line.sku)?.name })),
    checksum: createHash('sha256').update(JSON.stringify(order)).digest('hex')
  })
}
