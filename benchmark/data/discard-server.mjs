import { createServer } from 'node:http'

/** Takes what recorders send and answers 200, so that no store is measured along. Connections stay open. */
export async function startDiscardServer() {
  const server = createServer((incoming, response) => incoming.resume().on('end', () => response.end()))
  // Programs that stand still between their turns keep theirs.
  server.keepAliveTimeout = 0
  await new Promise(ready => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close()
      server.closeAllConnections()
    }
  }
}
