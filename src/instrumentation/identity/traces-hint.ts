/** Without an SDK there are stacks, logs and figures, but no spans: what is missing, and the command that helps. */
export const tracesHint = [
  'no OpenTelemetry SDK is set up in this program; for traces:',
  'npm install @opentelemetry/sdk-node @opentelemetry/instrumentation-http'
] as const

/** The user wants none: by the specification's variables. */
export function tracesDeclined(env: Readonly<Record<string, string | undefined>>): boolean {
  return env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none'
}
