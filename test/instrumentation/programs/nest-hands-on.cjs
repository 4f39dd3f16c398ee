// NestJS's Logger, whose calls other loggers print: from the folder that argv names.
const { createRequire } = require('node:module')
const { join } = require('node:path')

const load = createRequire(join(process.argv[2], 'program.cjs'))
load('reflect-metadata')
const { Logger, Module } = load('@nestjs/common')
const { NestFactory } = load('@nestjs/core')
const nestPino = load('nestjs-pino')
const { WinstonModule } = load('nest-winston')
const { transports } = load('winston')

class App {}
Module({ imports: [nestPino.LoggerModule.forRoot()] })(App)

async function main() {
  const logger = new Logger('Shop')
  const app = await NestFactory.createApplicationContext(App, { bufferLogs: true })
  app.useLogger(app.get(nestPino.Logger))
  app.flushLogs()
  logger.warn('nest by pino')
  app.useLogger(WinstonModule.createLogger({ transports: [new transports.Console()] }))
  logger.warn('nest by winston')
}
main()
