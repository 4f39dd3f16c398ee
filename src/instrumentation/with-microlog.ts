import { batchSpanProcessor } from './identity/application-sdk.ts'
import { MicrologInstrumentation } from './microlog-instrumentation.ts'
import { noticeOnce } from './notice.ts'
import type { MicrologOptions } from './options.ts'

/** The fields of a NodeSDK's configuration that matter here. */
interface SdkConfiguration {
  instrumentations?: readonly unknown[]
  traceExporter?: object
  spanProcessors?: readonly unknown[]
}

/**
 * `new NodeSDK(withMicrolog({ traceExporter, … }))`. With `spanProcessors` set, an SDK ignores its `traceExporter`: here it
 * becomes one of them. Without, none are set, for those would switch off the exporters of the environment.
 */
export function withMicrolog<Configuration extends object>(
  configuration: Configuration = {} as Configuration,
  options: MicrologOptions = {}
): Configuration & { instrumentations: never[] } {
  const { instrumentations = [], traceExporter, spanProcessors } = configuration as SdkConfiguration
  // The SDKs name the type of an instrumentation differently from line to line; ours fits all of them.
  const all = [...instrumentations, new MicrologInstrumentation(options)] as never[]
  if (traceExporter === undefined || spanProcessors === undefined) {
    return { ...configuration, instrumentations: all }
  }
  const exporting = batchSpanProcessor(traceExporter)
  if (exporting === undefined) {
    noticeOnce(
      'microlog: with spanProcessors set, the SDK ignores traceExporter: add new BatchSpanProcessor(traceExporter) to them'
    )
    return { ...configuration, instrumentations: all }
  }
  return { ...configuration, instrumentations: all, spanProcessors: [...spanProcessors, exporting] }
}
