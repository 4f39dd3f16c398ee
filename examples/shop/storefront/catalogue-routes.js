// Looking around: the front page (a template), the whole catalogue (JSON, hashed and compressed), and one product with
// its availability and alternatives (a fan-out of calls to the stock service).
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { alternativesTo, findProduct, products } from '../catalogue.js'
import { Refusal } from '../service/refusal.js'
import { renderFrontPage } from './front-page.js'
import { searchProducts } from './search-products.js'

const compress = promisify(gzip)

export function addCatalogueRoutes(app, stock) {
  app.get('/', async (request, reply) => {
    const featured = products.filter((_, index) => index % 48 === 0)
    const levels = await Promise.all(featured.map(product => stock.level(product.sku)))
    request.log.debug({ products: featured.length }, 'front page')
    return reply.type('text/html').send(renderFrontPage(featured, levels))
  })

  app.get('/products', async (request, reply) => {
    const body = JSON.stringify({ items: products, currency: 'EUR' })
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    const packed = await compress(body)
    console.log(`catalogue: ${body.length} characters in ${packed.length} bytes`)
    return reply
      .headers({ etag, 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .send(packed)
  })

  app.get('/products/:sku', async request => {
    const product = findProduct(request.params.sku)
    if (!product) throw new Refusal(404, `no product is called ${request.params.sku}`)
    request.log.trace({ sku: product.sku }, 'looking up')
    const [available, ...alternatives] = await Promise.all([
      stock.level(product.sku),
      ...alternativesTo(product, 3).map(async other => ({
        ...other,
        available: await stock.level(other.sku)
      }))
    ])
    return { ...product, available, alternatives: alternatives.filter(other => other.available > 0) }
  })

  app.get('/search', async request => {
    const found = searchProducts(String(request.query.q ?? ''))
    request.log.debug({ q: request.query.q, found: found.length }, 'search')
    return { items: found }
  })
}
