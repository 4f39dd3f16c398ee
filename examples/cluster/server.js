// One process of the cluster: GET / answers, GET /crash ends it with an error nobody catches.
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  console.log(`${request.method} ${request.url} in ${process.pid}`)
  if (request.url === '/crash') {
    response.end('another one takes over\n')
    setImmediate(() => {
      throw new Error('as asked for')
    })
    return
  }
  response.end(`hello from ${process.pid}\n`)
})
server.listen(Number(process.argv[2]), '127.0.0.1')

process.on('message', message => {
  if (message !== 'close') return
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
