// The loggers are there before the set-up, which is only required here.
const bunyan = require('bunyan')
const pino = require('pino')
const winston = require('winston')
if (process.argv[2] !== 'plain') require('./telemetry.cjs')
const { trace } = require('@opentelemetry/api')
const { say } = require('./say.cjs')

say({ bunyan, pino, winston, tracer: trace.getTracer('loggers') })
