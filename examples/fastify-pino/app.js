// Invoices, on Fastify with its own logger, pino. Amounts are written by a formatter that each of them makes anew: slow
// on purpose.
//   node --import ./telemetry.js app.js --port 3000
import { parseArgs } from 'node:util'
import Fastify from 'fastify'

const { values } = parseArgs({ options: { port: { type: 'string', default: '3000' } } })
const mostLines = 5_000

const app = Fastify({ logger: { level: 'info' } })

app.get('/invoices/:number', async request => {
  const lines = Number(new URLSearchParams(request.query).get('lines') ?? 10)
  if (lines > mostLines) {
    request.log.warn({ lines, mostLines }, 'an invoice too long to be printed')
    throw Object.assign(new Error(`Expected at most ${mostLines} lines`), { statusCode: 400 })
  }
  const invoice = printInvoice(request.params.number, lines)
  request.log.info({ invoice: request.params.number, lines }, 'printed an invoice')
  return invoice
})

await app.listen({ port: Number(values.port), host: '127.0.0.1' })
process.once('SIGTERM', () => app.close())

function printInvoice(number, lines) {
  const amounts = Array.from({ length: lines }, (_, line) => 19.9 * (line + 1))
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  return [`Invoice ${number}`, ...amounts.map(formatAmount), `Total ${formatAmount(total)}`].join('\n')
}

function formatAmount(amount) {
  return new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(amount)
}
