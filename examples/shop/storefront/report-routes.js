// Reports are calculated in a worker thread, so that a heavy one doesn't hold up the shop's customers.
import { createReportWorker } from './report-worker-client.js'

export function addReportRoutes(app, orders) {
  const worker = createReportWorker()
  app.addHook('onClose', () => worker.close())

  app.get('/reports/demand', async request => {
    const report = await worker.calculate(orders.all())
    request.log.info({ orders: report.orders }, 'report calculated')
    return report
  })
}
