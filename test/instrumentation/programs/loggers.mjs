// Calls of pino, winston and bunyan, imported, each found by its text. With "early" the recorder comes after the loggers.
import bunyan from 'bunyan'
import { pino } from 'pino'
import winston from 'winston'

if (process.argv[2] === 'early') {
  const { start } = await import('microlog')
  start()
}

const { combine, errors, json, splat } = winston.format
const transport = options => new winston.transports.Console(options)
const logger = winston.createLogger({
  level: 'verbose',
  format: combine(errors({ stack: true }), splat(), json()),
  defaultMeta: { service: 'shop' },
  transports: [transport()]
})
logger.info('winston %s', 'info', { order: 17, nested: { a: [1, 2], password: 'hunter2-Zq9' } })
logger.debug('winston too low')
logger.error(new TypeError('winston error'))
logger.error('winston cause', new RangeError('far', { cause: new Error('the reason') }))
logger.log('verbose', 'winston verbose')
logger.child({ request: 5 }).warn('winston child')
winston.createLogger({ transports: [transport({ forceConsole: true })] }).info('winston by console')
winston
  .createLogger({ levels: winston.config.syslog.levels, transports: [transport()] })
  .emerg('winston emerg')
winston.createLogger({ silent: true, transports: [transport()] }).info('winston silent')
// What prints without us, though it throws whom it is asked by another way.
const odd = Object.assign(new Date(0), {
  getTime() {
    throw new Error('on purpose')
  }
})
logger.info('winston odd', { odd })
const simple = winston.format.simple()
winston.createLogger({ format: simple, transports: [transport()] }).info('winston plain %s', 'here')

const shop = bunyan.createLogger({ name: 'shop' })
shop.info({ order: 18, bytes: 2.5, paid: true }, 'bunyan %s', 'info')
shop.error(new TypeError('bunyan error'))
shop.debug('bunyan too low')
shop.info({ odd }, 'bunyan odd')
shop.child({ part: 'stock' }).fatal('bunyan fatal')

const fast = pino({
  level: 'trace',
  timestamp: false,
  base: null,
  customLevels: { notice: 35 },
  errorKey: 'error'
})
fast.notice({ nested: { a: 1 }, apiKey: 'hunter2-Zq9' }, 'pino %s', 'notice')
fast.error(new RangeError('pino error'))
fast.child({ order: 19 }).fatal('pino fatal')
fast.trace({ only: 'fields' })
pino({}, { write: line => console.log('printed:', JSON.parse(line).msg) }).info('pino by console')
pino({}, { write: line => shop.warn(JSON.parse(line).msg) }).info('pino by bunyan')
console.log('plain console')
