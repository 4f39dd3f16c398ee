import { createCollector } from '../collector/index.ts'
import type { CollectorOptions } from '../collector/index.ts'
import { logFormats } from '../collector/log.ts'
import type { LogFormat } from '../collector/log.ts'
import { readDuration } from '../collector/read-quantity.ts'
import { maxBytesSetting, retentionSetting } from '../collector/retention-limits.ts'
import { writeNotice } from '../collector/write-notice.ts'
import { misspelt } from '../instrumentation/nearest.ts'
import { WrongUse, storeOption, withArguments } from './arguments.ts'
import type { Command } from './command.ts'

const help = `microlog serve [--store WHERE] [--host 127.0.0.1] [--port 7777] [--otlp-port 4318]
               [--catalog postgres://…]

Takes OTLP (traces, logs, metrics, profiles) and serves the screens, until it is told to
end by Ctrl-C or SIGTERM.

  --store WHERE        a folder or s3://bucket/prefix, where recordings are kept (default:
                       MICROLOG_STORE, else MICROLOG_S3_ROOT, else ~/.microlog)
  --catalog URL        postgres://user:password@host/database, where many machines share a bucket
                       (default: MICROLOG_CATALOG); it takes npm install pg
  --host ADDRESS       address to listen on (default 127.0.0.1, and ::1 where there is one);
                       another than a loopback one needs both keys
  --port N             of the screens and the API (default 7777; 0 picks a free one)
  --otlp-port N        of OTLP/HTTP (default 4318; 0 picks a free one)
  --seal-after SECONDS how long data stays open before it becomes a segment
                       (default: MICROLOG_SEAL_AFTER, else 30)
  --retention TIME     recordings that ended so long ago are deleted, and what is as old of those that
                       go on, such as 36h or 7d, never without its unit; 0 keeps all;
                       7d,nightly=30d keeps those of the label nightly for longer
                       (default: MICROLOG_RETENTION, else 7d)
  --max-bytes SIZE     beyond that the oldest recordings are deleted, such as 500MB or 10GiB; 0 keeps all;
                       10GiB,nightly=1GiB: those of the label nightly beyond 1 GiB, too
                       (default: MICROLOG_MAX_BYTES, else 10GiB)
  --log-format FORMAT  text: problems as lines on stderr; json: also start, end, imports, deletions,
                       compactions and refused requests, one JSON object a line
                       (default: MICROLOG_LOG_FORMAT, else text)
  --tls-cert FILE      speaks HTTPS on both ports, with the certificate of this PEM file, and
  --tls-key FILE       its key (default: MICROLOG_TLS_CERT and MICROLOG_TLS_KEY)

MICROLOG_ALLOWED_HOSTS names further host names that it may be called by, with commas between.
MICROLOG_S3_REGION and MICROLOG_S3_ENDPOINT (the URL of a server that isn't Amazon's) say where a bucket
is; it takes npm install @aws-sdk/client-s3, and credentials as the AWS SDK finds them.
MICROLOG_INGEST_KEY and MICROLOG_VIEW_KEY are asked of senders, and of those who use the API, in
the header "authorization: Bearer KEY". Keys have no flags, since others can see those.
`

const options = {
  ...storeOption,
  host: { type: 'string' },
  port: { type: 'string' },
  'otlp-port': { type: 'string' },
  'seal-after': { type: 'string' },
  retention: { type: 'string' },
  'max-bytes': { type: 'string' },
  'log-format': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' }
} as const

/** What it reads, here and further in. */
const variables = [
  'MICROLOG_STORE',
  'MICROLOG_S3_ROOT',
  'MICROLOG_S3_REGION',
  'MICROLOG_S3_ENDPOINT',
  'MICROLOG_CATALOG',
  'MICROLOG_ALLOWED_HOSTS',
  'MICROLOG_INGEST_KEY',
  'MICROLOG_VIEW_KEY',
  'MICROLOG_TLS_CERT',
  'MICROLOG_TLS_KEY',
  'MICROLOG_SEAL_AFTER',
  'MICROLOG_RETENTION',
  'MICROLOG_MAX_BYTES',
  'MICROLOG_LOG_FORMAT'
]

export const serve: Command = {
  run: args =>
    withArguments({ name: 'serve', help, options, words: [0, 0] }, args, async given => {
      const { env } = process
      for (const { name, meant } of misspelt(env, variables))
        writeNotice(`unknown variable ${name}, did you mean ${meant}?`, 'serve')
      const setting = <T>(name: string, read: (text: string) => T | undefined, expected: string) => {
        const variable = `MICROLOG_${name.toUpperCase().replace('-', '_')}`
        return readSetting(given.text(name) ?? env[variable], read, `--${name} or ${variable}`, expected)
      }
      const retention = setting('retention', retentionSetting.read, retentionSetting.expected)
      const maxBytes = setting('max-bytes', maxBytesSetting.read, maxBytesSetting.expected)
      const allowedHosts = (env['MICROLOG_ALLOWED_HOSTS'] ?? '')
        .split(',')
        .map(name => name.trim())
        .filter(Boolean)
      const port = readPort(given.text('port'), '--port')
      const otlpPort = readPort(given.text('otlp-port'), '--otlp-port')
      if (port && port === otlpPort) throw new WrongUse(`Expected two ports, found ${port} for both`)
      const collector = await createCollector({
        store: given.text('store'),
        catalog: given.text('catalog'),
        host: given.text('host'),
        port,
        otlpPort,
        allowedHosts,
        sealAfterMs: setting('seal-after', readDuration, 'a time such as 30s'),
        retentionMs: retention?.usual,
        retentionMsByLabel: retention?.labels,
        maxBytes: maxBytes?.usual,
        maxBytesByLabel: maxBytes?.labels,
        tls: readTls(
          given.text('tls-cert') || env['MICROLOG_TLS_CERT'],
          given.text('tls-key') || env['MICROLOG_TLS_KEY']
        ),
        logFormat: readLogFormat(given.text('log-format') ?? env['MICROLOG_LOG_FORMAT']),
        ingestKey: env['MICROLOG_INGEST_KEY'] || undefined,
        viewKey: env['MICROLOG_VIEW_KEY'] || undefined
      })
      const ended = nextSignal()
      const [uiUrl, otlpUrl] = [collector.uiUrl, collector.otlpUrl].map(url => withName(url, allowedHosts[0]))
      process.stdout.write(`Screens  ${uiUrl}\nOTLP     ${otlpUrl}\n`)
      await ended
      await collector.close()
    })
}

/** Nobody can go to all addresses: the first name that it may be called by is one that a certificate is for, too. */
function withName(url: string, name: string | undefined): string {
  return name === undefined ? url : url.replace(/\/\/(?:0\.0\.0\.0|\[::\]):/, `//${name}:`)
}

/** The first signal ends it in order; a second one, at once. */
function nextSignal(): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      process.off('SIGINT', end)
      process.off('SIGTERM', end)
      resolve()
    }
    process.on('SIGINT', end)
    process.on('SIGTERM', end)
  })
}

function readPort(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port
  throw new WrongUse(`Expected ${option} to be a port from 0 to 65535, found ${text}`)
}

/** Both or neither. */
function readTls(cert: string | undefined, key: string | undefined): CollectorOptions['tls'] {
  if (!cert && !key) return undefined
  if (cert && key) return { cert, key }
  throw new WrongUse(
    `Expected both --tls-cert and --tls-key (MICROLOG_TLS_CERT, MICROLOG_TLS_KEY), found only the ${cert ? 'certificate' : 'key'}`
  )
}

function readLogFormat(text: string | undefined): LogFormat | undefined {
  if (!text) return undefined
  const format = logFormats.find(known => known === text)
  if (format !== undefined) return format
  throw new WrongUse(`Expected --log-format or MICROLOG_LOG_FORMAT to be text or json, found ${text}`)
}

/** Undefined where nothing was given. */
function readSetting<T>(
  text: string | undefined,
  read: (text: string) => T | undefined,
  choice: string,
  expected: string
): T | undefined {
  if (!text) return undefined
  const value = read(text)
  if (value !== undefined) return value
  throw new WrongUse(`Expected ${choice} to be ${expected}, found ${text}`)
}
