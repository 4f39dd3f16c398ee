import { trace } from '@opentelemetry/api'
import bunyan from 'bunyan'
import pino from 'pino'
import winston from 'winston'
import { say } from './say.cjs'

say({ bunyan, pino, winston, tracer: trace.getTracer('loggers') })
