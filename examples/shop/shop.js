// The storefront service. Run it with: node --import ./telemetry.js shop.js [--port 3000] [--stock URL]
import { parseArgs } from 'node:util'
import { createService } from './service/create-service.js'
import { listenUntilSignal } from './service/listen-until-signal.js'
import { addAccountRoutes } from './storefront/account-routes.js'
import { addCatalogueRoutes } from './storefront/catalogue-routes.js'
import { addCheckoutRoutes } from './storefront/checkout-routes.js'
import { addOrderRoutes } from './storefront/order-routes.js'
import { addReportRoutes } from './storefront/report-routes.js'
import { createOrderBook } from './storefront/order-book.js'
import { createStockClient } from './storefront/stock-client.js'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.SHOP_PORT ?? '3000' },
    stock: { type: 'string', default: process.env.STOCK_URL ?? 'http://127.0.0.1:3001' }
  }
})

const app = createService('shop')
const stock = createStockClient(values.stock)
const orders = createOrderBook()

addCatalogueRoutes(app, stock)
addAccountRoutes(app)
addCheckoutRoutes(app, stock, orders)
addOrderRoutes(app, orders)
addReportRoutes(app, orders)

await listenUntilSignal(app, { name: 'shop', port: Number(values.port) })
