// What the shop's visitors do, and how often: each visit is one request. The slow one and the failing ones are among
// them, because they are what there is to find.
import { products } from '../catalogue.js'

const ADDRESS = { street: '7 Mill Lane', city: 'Ghent' }
const GOOD_COUPONS = ['SPRING25', 'FRIENDS-10', 'WELCOME5-BACK']
/** A long word with a wrong last character: some 200 ms of backtracking in validateCoupon. */
const BAD_COUPON = 'SUMMERCLEARANCEWEEKENDER?'
const ORDERLY_CARD = '4000000000001000'
const MISSPELT = ['ceder mug', 'wilow vase', 'maple dsk', 'large elm tabel', 'birch notbook']

/** Weight, name, and the request of one visit. */
const visits = [
  [20, 'front page', () => get('/')],
  [14, 'catalogue', () => get('/products')],
  [18, 'product', random => get(`/products/${random.pick(products).sku}`)],
  [8, 'search', random => get(`/search?q=${encodeURIComponent(random.pick(MISSPELT))}`)],
  [6, 'login', () => post('/login', { name: 'ada', password: 'correct horse' })],
  [2, 'login refused', () => post('/login', { name: 'ada', password: 'battery staple' })],
  [12, 'checkout', random => checkout(random, { address: ADDRESS, coupon: random.pick(GOOD_COUPONS) })],
  [5, 'checkout, bad coupon', random => checkout(random, { address: ADDRESS, coupon: BAD_COUPON })],
  [
    2,
    'checkout, sold out',
    random => checkout(random, { lines: [{ sku: 'vase-willow-large', quantity: 1 }] })
  ],
  [2, 'checkout, declined', random => checkout(random, { card: '4000000000000002' })],
  [2, 'checkout, provider slow', random => checkout(random, { address: ADDRESS, card: '4000000000000119' })],
  [1, 'checkout, provider down', random => checkout(random, { address: ADDRESS, card: '4000000000000341' })],
  [4, 'invoice', () => get('/orders/first/invoice')],
  [2, 'invoice, failing', () => get('/orders/present/invoice')],
  [1, 'order, unknown', () => get('/orders/nobody')],
  [1, 'report', () => get('/reports/demand')]
]
const totalWeight = visits.reduce((sum, [weight]) => sum + weight, 0)

/** The next visit: { name, method, path, body }. */
export function drawVisit(random) {
  let left = random.next() * totalWeight
  const [, name, request] = visits.find(([weight]) => (left -= weight) < 0)
  return { name, ...request(random) }
}

/** One visit of each kind, in the order above. */
export function oneOfEach(random) {
  return visits.map(([, name, request]) => ({ name, ...request(random) }))
}

function get(path) {
  return { method: 'GET', path }
}

function post(path, body) {
  return { method: 'POST', path, body }
}

function checkout(random, order) {
  const lines = Array.from({ length: random.between(1, 4) }, () => ({
    sku: random.pick(products.slice(0, 200)).sku,
    quantity: random.between(1, 3)
  }))
  return post(`/checkout/cart-${random.between(1, 999)}`, { card: ORDERLY_CARD, lines, ...order })
}
