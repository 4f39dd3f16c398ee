// A service that asks itself three times: each request is a span that burns some time and logs a line.
const burnMs = 120

function burn() {
  const until = performance.now() + burnMs
  let sum = 0
  while (performance.now() < until) sum += Math.sqrt(sum + 1)
  return sum
}

function answer(request, response, span) {
  burn()
  console.log('handled', request.url)
  span.end()
  response.end('ok')
}

exports.runService = async function runService(createServer, tracer) {
  const server = createServer((request, response) => {
    tracer.startActiveSpan(`GET ${request.url}`, async span => {
      await new Promise(resolve => setTimeout(resolve, 5))
      answer(request, response, span)
    })
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  for (const path of ['/a', '/b', '/c']) {
    const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`)
    await response.text()
  }
  console.error('done')
  server.closeAllConnections()
  server.close()
}
