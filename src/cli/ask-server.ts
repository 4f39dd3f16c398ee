// What `run` asks of the server that is to take its recordings, and in words why it can't be used.
import type { Health } from '../collector/api.ts'
import { defaultServer } from '../instrumentation/options.ts'
import { getAnswer, reasonOf } from '../instrumentation/send/otlp-transport.ts'

const timeoutMs = 1500

/** Where to send OTLP, or why nothing can be sent. */
export async function findCollector(server: string): Promise<{ otlpUrl: string } | { why: string }> {
  if (!/^https?:\/\//.test(server) || !URL.canParse(server))
    return { why: `expected MICROLOG_SERVER to be a URL such as ${defaultServer}, found ${server}` }
  try {
    const { status, text } = await getAnswer(`${server}/healthz`, timeoutMs)
    const { otlp } = (status === 200 ? JSON.parse(text) : {}) as Partial<Health>
    return typeof otlp === 'string'
      ? { otlpUrl: otlp }
      : { why: `what answers at ${server} is no Microlog collector` }
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return { why: `what answers at ${server} is no Microlog collector` }
    return { why: `nothing answers at ${server} (${reasonOf(thrown, server)})` }
  }
}

/** Whether a recording is at a server; where that can't be found out, why. */
export type Arrival = 'here' | 'missing' | { why: string }

export async function findRecordingAt(
  server: string,
  id: string,
  viewKey: string | undefined
): Promise<Arrival> {
  const headers: Record<string, string> = viewKey ? { authorization: `Bearer ${viewKey}` } : {}
  try {
    const { status } = await getAnswer(`${server}/api/recordings/${id}`, timeoutMs, headers)
    if (status === 200) return 'here'
    if (status === 404) return 'missing'
    const asked = viewKey ? 'takes another MICROLOG_VIEW_KEY' : 'asks for MICROLOG_VIEW_KEY'
    return { why: status === 401 ? `${server} ${asked}` : `${server} answers with status ${status}` }
  } catch (thrown) {
    return { why: `nothing answers at ${server} any more (${reasonOf(thrown, server)})` }
  }
}
