// An Express service without a word about telemetry: what --import loads before it sees to that.
//   node --import @opentelemetry/auto-instrumentations-node/register --import microlog/register server.js --port 3000
import express from 'express'
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { port: { type: 'string', default: '3000' } } })

const app = express()

app.get('/primes/:below', (request, response) => {
  const found = countPrimes(Number(request.params.below))
  console.log(`${found} primes below ${request.params.below}`)
  response.json({ found })
})

// Asks itself, as one service asks another.
app.get('/compare/:a/:b', async (request, response) => {
  const { a, b } = request.params
  const [first, second] = await Promise.all([askForPrimes(a), askForPrimes(b)])
  if (first === second) console.warn(`${a} and ${b} are the same to me`)
  response.json({ difference: second - first })
})

const server = app.listen(Number(values.port), '127.0.0.1', () => {
  console.log(`listens on http://127.0.0.1:${server.address().port}`)
})
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})

async function askForPrimes(below) {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/primes/${below}`)
  return (await answer.json()).found
}

/** By division: slow on purpose. */
function countPrimes(below) {
  let count = 0
  for (let n = 2; n < below; n++) if (isPrime(n)) count++
  return count
}

function isPrime(n) {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false
  return true
}
