// The orders taken since the start, the last thousand of them. Two are there from the beginning: one ordinary, and one
// that was a present and has no address.
const MAX_ORDERS = 1000

export function createOrderBook() {
  const orders = new Map()
  const lamp = { sku: 'lamp-elm-small', quantity: 1, priceCents: 5350 }
  const mug = { sku: 'mug-cedar-large', quantity: 6, priceCents: 9100 }
  add({
    id: 'first',
    lines: [lamp, mug],
    totalCents: 59_950,
    address: { street: '1 Harbour Road', city: 'Bergen' }
  })
  add({ id: 'present', lines: [mug], totalCents: 54_600, gift: true })

  function add(order) {
    orders.set(order.id, { placedAt: Date.now(), ...order })
    if (orders.size > MAX_ORDERS) orders.delete(orders.keys().next().value)
  }

  return {
    add,
    find: id => orders.get(id),
    all: () => [...orders.values()]
  }
}
