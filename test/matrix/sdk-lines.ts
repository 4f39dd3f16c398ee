import type { NodeLine } from '../../scripts/cached-install.mjs'

export type SdkLine = '2.x' | '3.x'

/** The packages that the README's set-up imports, of each line of the OpenTelemetry SDK. */
export const sdkPackages: Record<SdkLine, Record<string, string>> = {
  '2.x': {
    '@opentelemetry/api': '~1.9.1',
    '@opentelemetry/sdk-node': '~0.223.0',
    '@opentelemetry/exporter-trace-otlp-http': '~0.223.0',
    '@opentelemetry/instrumentation-http': '~0.223.0'
  },
  '3.x': {
    '@opentelemetry/api': '^1.10.0',
    '@opentelemetry/sdk-node': '~0.301.0',
    '@opentelemetry/exporter-trace-otlp-http': '~0.301.0',
    '@opentelemetry/instrumentation-http': '~0.301.0'
  }
}

export const nodeLines: readonly NodeLine[] = [20, 22, 24, 26]

/** SDK 3.x says that it needs Node 22.15. */
export function sdkLinesOf(node: NodeLine): SdkLine[] {
  return node === 20 ? ['2.x'] : ['2.x', '3.x']
}
