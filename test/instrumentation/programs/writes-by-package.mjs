// Logs through a package that writes to stdout itself. Argument: the folder that has it.
import { createRequire } from 'node:module'

const log4js = createRequire(`${process.argv[2]}/package.json`)('log4js')
const logger = log4js.getLogger('shop')
logger.level = 'debug'
logger.info('placed')
logger.warn('late', {
  order: 17,
  items: ['a rather long name of an item', 'another rather long name of one more']
})
