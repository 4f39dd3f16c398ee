import { createServer } from 'node:http'
import { trace } from '@opentelemetry/api'
import { runService } from './requests.cjs'

await runService(createServer, trace.getTracer('service'))
