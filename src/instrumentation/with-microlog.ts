import { MicrologInstrumentation } from './microlog-instrumentation.ts'
import type { MicrologOptions } from './options.ts'

/** The one field of a NodeSDK's configuration that is touched here. */
interface SdkConfiguration {
  instrumentations?: readonly unknown[]
}

/**
 * `new NodeSDK(withMicrolog({ traceExporter, … }))`. Nothing else of the configuration changes; above all no
 * `spanProcessors` are set, for those would silently switch off a `traceExporter` and the exporters of the environment.
 */
export function withMicrolog<Configuration extends object>(
  configuration: Configuration = {} as Configuration,
  options: MicrologOptions = {}
): Configuration & { instrumentations: never[] } {
  const { instrumentations = [] } = configuration as SdkConfiguration
  // The SDKs name the type of an instrumentation differently from line to line; ours fits all of them.
  const all = [...instrumentations, new MicrologInstrumentation(options)] as never[]
  return { ...configuration, instrumentations: all }
}
