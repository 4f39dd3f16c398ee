// Every printing method of the console once, and pino; each on a line that the test finds by the text.
import { createRequire } from 'node:module'
import esmPino from 'pino'

console.log('log %s', 'text', { n: 1 })
console.info('info text')
console.debug('debug text')
console.warn('warn text')
console.error('error text', new TypeError('broken'))
console.trace('trace text')
console.table([{ column: 'table text' }])
console.dir({ dir: 'dir text' })
console.group('group text')
console.log('indented text')
console.groupEnd()
console.assert(true, 'never printed')
console.assert(false, 'assert text')
console.count('count text')
console.time('timer text')
console.timeEnd('timer text')
console.log()
console.log('login with password=%s', 'hunter2-Zq9')
class Odd {
  [Symbol.for('nodejs.util.inspect.custom')]() {
    console.log('printed while printing')
    return 'odd text'
  }
}
console.log(new Odd())
process.emitWarning('cart is old')
if (process.argv[2] === 'pino') {
  const { pino } = createRequire(import.meta.url)('pino')
  pino({ level: 'trace' }).error(new RangeError('too far'), 'pino cjs text')
  esmPino({ name: 'shop' }).child({ order: 17 }).info({ apiKey: 'hunter2-Zq9' }, 'pino esm %s', 'text')
}
const { log } = console
console.log = function (...args) {
  log(...args)
}
console.log('wrapped text')
log('kept text')
console.log = log
