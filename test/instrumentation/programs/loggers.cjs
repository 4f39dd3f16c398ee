// The loggers as they are required, from the folder that argv names: any copy of a package is as good as another.
const { createRequire } = require('node:module')
const { join } = require('node:path')

const load = createRequire(join(process.argv[2] ?? __dirname, 'program.cjs'))
for (const name of (process.argv[3] ?? 'pino,winston,bunyan').split(',')) {
  const logger = {
    pino: () => load('pino')(),
    winston() {
      const { createLogger, transports } = load('winston')
      return createLogger({ transports: [new transports.Console()] })
    },
    bunyan: () => load('bunyan').createLogger({ name: 'shop' })
  }[name]()
  logger.warn(`${name} warns`)
}
