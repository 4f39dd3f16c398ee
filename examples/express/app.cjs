// Accounts with passwords, on Express, in CommonJS. A log-in hashes the password on the main thread: while it does,
// everybody else waits.
//   node --require ./telemetry.cjs app.cjs --port 3000
const { pbkdf2Sync, timingSafeEqual } = require('node:crypto')
const { parseArgs } = require('node:util')
const express = require('express')

const { values } = parseArgs({ options: { port: { type: 'string', default: '3000' } } })
const salt = 'of each account another one, in earnest'
const rounds = 400_000

const accounts = new Map([['ada', { name: 'Ada', password: hashPassword('analytical') }]])

const app = express()
app.use(express.json())

app.post('/log-in', (request, response) => {
  const { user, password } = request.body
  const account = accounts.get(user)
  if (!account || !isPassword(account, password)) {
    console.warn(`refused a log-in of ${user}`)
    return response.status(401).json({ message: 'No such user or password' })
  }
  console.log(`${user} has logged in`)
  response.json({ name: account.name })
})

app.get('/accounts/:user', (request, response) => {
  const account = accounts.get(request.params.user)
  if (!account) throw new Error(`There is no account ${request.params.user}`)
  response.json({ name: account.name })
})

// Express knows an error handler by its four parameters.
app.use((error, _request, response, _next) => {
  console.error('unexpected:', error)
  response.status(500).json({ message: 'Something went wrong here' })
})

const server = app.listen(Number(values.port), '127.0.0.1', () => {
  console.log(`listens on http://127.0.0.1:${server.address().port}`)
})
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})

function isPassword(account, password) {
  return timingSafeEqual(account.password, hashPassword(password))
}

function hashPassword(password) {
  return pbkdf2Sync(password, salt, rounds, 32, 'sha512')
}
