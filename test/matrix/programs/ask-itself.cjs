// One request that it makes, and that it answers.
const { once } = require('node:events')

exports.askItself = async function askItself(createServer, get) {
  const server = createServer((request, response) => {
    console.log('handled', request.url)
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const [response] = await once(
    get({ port: server.address().port, path: '/orders/7', agent: false }),
    'response'
  )
  await once(response.resume(), 'end')
  server.close()
}
