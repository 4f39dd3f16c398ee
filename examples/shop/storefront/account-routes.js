// Signing in. Passwords are compared as scrypt keys: the work is done by libuv's threads, so the request waits for it
// without holding anybody else up.
import { scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Refusal } from '../service/refusal.js'

const derive = promisify(scrypt)
const SALT = 'one salt for a shop with one customer'
const KEY_LENGTH = 32
const customers = new Map([['ada', derive('correct horse', SALT, KEY_LENGTH)]])

export function addAccountRoutes(app) {
  app.post('/login', async request => {
    const { name = '', password = '' } = request.body ?? {}
    const [expected, given] = await Promise.all([
      customers.get(name),
      derive(String(password), SALT, KEY_LENGTH)
    ])
    if (!expected || !timingSafeEqual(expected, given)) {
      console.warn(`login refused for ${JSON.stringify(name)}`)
      throw new Refusal(401, 'wrong name or password')
    }
    request.log.info({ customer: name }, 'login')
    return { session: given.subarray(0, 12).toString('base64url') }
  })
}
