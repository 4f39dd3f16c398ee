// The inventory service. Run it with: OTEL_SERVICE_NAME=stock node --import ./telemetry.js stock.js [--port 3001]
import { parseArgs } from 'node:util'
import { openInventory } from './inventory/inventory.js'
import { addStockRoutes } from './inventory/stock-routes.js'
import { createService } from './service/create-service.js'
import { listenUntilSignal } from './service/listen-until-signal.js'

const { values } = parseArgs({
  options: { port: { type: 'string', default: process.env.STOCK_PORT ?? '3001' } }
})

const app = createService('stock')
addStockRoutes(app, await openInventory())

await listenUntilSignal(app, { name: 'stock', port: Number(values.port) })
