// An application with no telemetry of its own: a server, one request to it, and out.
import { createServer, get } from 'node:http'

const server = createServer((request, response) => {
  console.log('serving', request.url)
  response.end('done')
})
server.listen(0, '127.0.0.1', () => {
  get({ port: server.address().port, host: '127.0.0.1', path: '/hello' }, response => {
    response.resume()
    response.on('end', () => server.close())
  })
})
