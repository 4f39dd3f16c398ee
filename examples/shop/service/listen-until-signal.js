// Starts a service and ends it in order: no new connections, open requests answered, and then the process has
// nothing left to do and goes by itself.
export async function listenUntilSignal(app, { name, port }) {
  try {
    await app.listen({ port, host: '127.0.0.1' })
  } catch (error) {
    console.error(`${name}: port ${port} can't be used (${error.code}); choose another one with --port`)
    process.exitCode = 1
    return app.close()
  }
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      app.log.info({ signal }, 'stopping')
      app.close()
    })
  }
  console.info(`${name} listens on http://127.0.0.1:${app.server.address().port}`)
}
