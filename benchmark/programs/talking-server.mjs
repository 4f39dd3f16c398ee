// Answers requests and prints a long line for each; tells its resident memory at /memory.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'

const noise = Array.from({ length: 200 }, () => randomBytes(3000).toString('base64'))
let served = 0
const server = createServer((request, response) => {
  if (request.url === '/memory') return response.end(String(process.memoryUsage.rss()))
  console.log(`request ${served++} ${noise[served % noise.length]}${Math.random()}`)
  response.end('done')
})
server.listen(0, '127.0.0.1', () => process.stderr.write(`port ${server.address().port}\n`))
