import type { MicrologOptions } from './options.ts'
import { startRecorder } from './recorder.ts'
import { SpanObserver } from './spans/span-observer.ts'

/**
 * For a tracer provider that is set up by hand, without instrumentations. Recording starts when this is made. With
 * `spanProcessors` set, a NodeSDK no longer uses its `traceExporter`: write
 * `spanProcessors: [new BatchSpanProcessor(exporter), new MicrologSpanProcessor()]`.
 */
export class MicrologSpanProcessor extends SpanObserver {
  constructor(options: MicrologOptions = {}) {
    super()
    startRecorder(options)
  }
}
