// One call of each logger inside a span, at the end of a function named after it.
exports.say = function say({ bunyan, pino, winston, tracer }) {
  const loggers = {
    pino: pino(),
    winston: winston.createLogger({ transports: [new winston.transports.Console()] }),
    bunyan: bunyan.createLogger({ name: 'loggers' })
  }
  const calls = {
    sayByConsole: () => console.log('by console'),
    sayByPino: () => loggers.pino.info('by pino'),
    sayByWinston: () => loggers.winston.warn('by winston'),
    sayByBunyan: () => loggers.bunyan.error('by bunyan')
  }
  tracer.startActiveSpan('say', span => {
    for (const call of Object.values(calls)) call()
    span.end()
  })
}
