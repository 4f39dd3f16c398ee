import { createCollector } from '../collector/index.ts'
import { WrongUse, withArguments } from './arguments.ts'
import type { Command } from './command.ts'

const help = `microlog serve [--store FOLDER] [--host 127.0.0.1] [--port 7777] [--otlp-port 4318]

Takes OTLP (traces, logs, metrics, profiles) and serves the screens, until it is told to
end by Ctrl-C or SIGTERM.

  --store FOLDER       where recordings are kept (default: MICROLOG_STORE, else ~/.microlog)
  --host ADDRESS       loopback address to listen on (default 127.0.0.1, and ::1 where there is one)
  --port N             of the screens and the API (default 7777; 0 picks a free one)
  --otlp-port N        of OTLP/HTTP (default 4318; 0 picks a free one)
  --seal-after SECONDS how long data stays open before it becomes a segment
                       (default: MICROLOG_SEAL_AFTER, else 30)

MICROLOG_ALLOWED_HOSTS names further host names that it may be called by, with commas between.
`

const options = {
  store: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  'otlp-port': { type: 'string' },
  'seal-after': { type: 'string' }
} as const

export const serve: Command = {
  name: 'serve',
  summary: 'collect OTLP and serve the screens',
  help,
  run: args =>
    withArguments({ name: 'serve', help, options, words: [0, 0] }, args, async given => {
      const { env } = process
      const collector = await createCollector({
        store: given.text('store'),
        host: given.text('host'),
        port: readPort(given.text('port'), '--port'),
        otlpPort: readPort(given.text('otlp-port'), '--otlp-port'),
        allowedHosts: (env['MICROLOG_ALLOWED_HOSTS'] ?? '')
          .split(',')
          .map(name => name.trim())
          .filter(Boolean),
        sealAfterMs: readDuration(given.text('seal-after') ?? env['MICROLOG_SEAL_AFTER'])
      })
      const ended = nextSignal()
      process.stdout.write(`Screens  ${collector.uiUrl}\nOTLP     ${collector.otlpUrl}\n`)
      await ended
      await collector.close()
    })
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

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** '30', '30s', '500ms', '5m'; a bare number is seconds. */
function readDuration(text: string | undefined): number | undefined {
  if (!text) return undefined
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim())
  if (match) return Number(match[1]) * unitsMs[(match[2] ?? 's') as keyof typeof unitsMs]
  throw new WrongUse(`Expected a duration such as 30s, found ${text}`)
}
