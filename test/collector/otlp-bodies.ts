// Bodies that real clients sent, with the headers that came with them.
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

export interface SentBody {
  name: string
  url: string
  headers: Record<string, string>
  body: Buffer
}

export const otlpFixtures = fileURLToPath(new URL('../fixtures/otlp/', import.meta.url))

const sdk = join(otlpFixtures, 'node-sdk-2.12')
const published = join(otlpFixtures, 'opentelemetry-proto-1.11')

export const sdkBodies: SentBody[] = readdirSync(sdk)
  .filter(name => name.endsWith('.body'))
  .map(name => {
    const stem = name.slice(0, -'.body'.length)
    const { url, headers } = JSON.parse(readFileSync(join(sdk, `${stem}.headers.json`), 'utf8')) as SentBody
    const kept = Object.entries(headers).filter(([key]) => key.startsWith('content-') || key === 'user-agent')
    return { name: stem, url, headers: Object.fromEntries(kept), body: readFileSync(join(sdk, name)) }
  })

const paths: Record<string, string> = {
  'events.json': '/v1/logs',
  'logs.json': '/v1/logs',
  'metrics.json': '/v1/metrics',
  'trace.json': '/v1/traces'
}

export const publishedBodies: SentBody[] = Object.entries(paths).map(([name, url]) => ({
  name,
  url,
  headers: { 'content-type': 'application/json' },
  body: readFileSync(join(published, name))
}))

/** The requests of a file of u32 little-endian lengths and bodies. */
export function lengthPrefixed(path: string): Buffer[] {
  const bytes = readFileSync(path)
  const bodies: Buffer[] = []
  for (let at = 0; at < bytes.length; at += 4 + bodies.at(-1)!.length) {
    bodies.push(bytes.subarray(at + 4, at + 4 + bytes.readUInt32LE(at)))
  }
  return bodies
}
