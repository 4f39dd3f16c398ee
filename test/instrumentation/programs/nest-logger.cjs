// Calls of NestJS's own logger, from the folder that argv names, each found by its text. With "early" the recorder comes after
// it, and ends before the program does.
const { createRequire } = require('node:module')
const { join } = require('node:path')

const load = createRequire(join(process.argv[2], 'program.cjs'))
load('reflect-metadata')
const { ConsoleLogger, Logger, Module } = load('@nestjs/common')
const { NestFactory } = load('@nestjs/core')
const early = process.argv[3] === 'early'

/** What there is to patch. */
function loggerAsItIs() {
  const owners = [ConsoleLogger.prototype, Logger, Logger.prototype]
  return owners.map(owner => {
    const properties = Object.entries(Object.getOwnPropertyDescriptors(owner))
    return new Map(
      properties
        .filter(([, { value }]) => typeof value === 'function')
        .map(([name, { value }]) => [name, value])
    )
  })
}

/** A program's own, between Nest's Logger and its ConsoleLogger. */
class ShopLogger extends ConsoleLogger {
  warn(message, ...rest) {
    return super.warn(`${message}!`, ...rest)
  }
}

class Shop {
  logger = new Logger('Shop')
  constructor() {
    this.logger.log('nest held back')
  }
  order() {
    this.logger.log('nest order', { id: 17, nested: { a: [1, 2], password: 'hunter2-Zq9' } })
    this.logger.verbose('nest verbose')
    this.logger.warn('nest warn')
    this.logger.error('nest error', new TypeError('no stock').stack)
    this.logger.error('nest thrown', new RangeError('far', { cause: new Error('the reason') }))
    this.logger.error(new TypeError('nest itself'))
  }
}
class App {}
Module({ providers: [Shop] })(App)

async function main() {
  const before = loggerAsItIs()
  if (early) require('microlog').start()
  Logger.debug('nest static')
  Logger.log('nest in context', 'Cart')
  new Logger().fatal('nest fatal')
  Logger.log({ only: 'nest fields' })
  Logger.log(() => 'nest made')
  const quiet = new ConsoleLogger('Quiet', { logLevels: ['error'] })
  quiet.log('nest too low')
  quiet.error('nest quiet')
  new ConsoleLogger({ json: true, context: 'Json' }).log('nest json', { id: 18 })
  new ShopLogger('Own').warn('nest own')
  const app = await NestFactory.createApplicationContext(App, { bufferLogs: true })
  const shop = app.get(Shop)
  console.log('nest waits')
  app.useLogger(new ShopLogger())
  app.flushLogs()
  shop.order()
  await app.close()
  if (early) await require('microlog').stop()
  const after = loggerAsItIs()
  const left = before.flatMap((owner, i) =>
    [...owner].filter(([name, value]) => value !== after[i].get(name))
  )
  process.stdout.write(`left: ${left.map(([name]) => name).join() || 'nothing'}\n`)
}
main()
