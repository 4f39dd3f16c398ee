// Calls of log4js, from the folder that argv names, each found by its text. With "early" the recorder comes
// after it.
const { createRequire } = require('node:module')
const { join } = require('node:path')

const log4js = createRequire(join(process.argv[2], 'program.cjs'))('log4js')
if (process.argv[3] === 'early') require('microlog').start()

const layout = { type: 'pattern', pattern: '%p %c %l %m' }
log4js.configure({
  levels: { NOTICE: { value: 25000, colour: 'blue' } },
  appenders: {
    out: { type: 'stdout', layout },
    again: { type: 'console', layout: { type: 'messagePassThrough' } }
  },
  categories: {
    default: { appenders: ['out', 'again'], level: 'trace', enableCallStack: true },
    quiet: { appenders: ['out'], level: 'error' }
  }
})
const logger = log4js.getLogger('shop')
logger.addContext('request', 5)
logger.info('log4js %s', 'info', { order: 17, nested: { a: [1], password: 'hunter2-Zq9' } })
logger.trace('log4js trace')
logger.notice('log4js notice')
logger.mark('log4js mark')
logger.error('log4js error', new TypeError('no stock', { cause: new Error('the reason') }))
logger.fatal(new RangeError('log4js itself'))
const odd = Object.assign(new Date(0), {
  toJSON() {
    throw new Error('on purpose')
  }
})
logger.log('warn', 'log4js odd', { odd })
log4js.getLogger('quiet').warn('log4js too low')
