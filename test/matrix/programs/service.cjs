const { createServer } = require('node:http')
const { trace } = require('@opentelemetry/api')
const { runService } = require('./requests.cjs')

void runService(createServer, trace.getTracer('service'))
