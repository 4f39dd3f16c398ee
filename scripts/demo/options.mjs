// The demo's flags.
import { parseArgs } from 'node:util'
import { DemoError } from './demo-error.mjs'

export const helpText = `Shows Microlog at work: builds it, starts its collector and an example shop, and drives load to the shop.

Usage: npm run demo -- [options]

  --seconds N       end by itself after N seconds; without it, Ctrl-C ends the demo
  --store WHERE     the folder where recordings are kept
                    (default: MICROLOG_STORE, else ~/.microlog)
  --port N          port of the UI (default 7777)
  --otlp-port N     port that takes OTLP (default 4318)
  --shop-port N     port of the shop (default 7801)
  --stock-port N    port of its stock service (default 7802)
  --no-build        take dist as it is, however old
  --help            this text
`

export function readOptions(args) {
  const { values } = parse(args)
  return {
    help: values.help,
    build: !values['no-build'],
    store: values.store,
    seconds: values.seconds === undefined ? undefined : positive('--seconds', values.seconds),
    port: portNumber('--port', values.port),
    otlpPort: portNumber('--otlp-port', values['otlp-port']),
    shopPort: portNumber('--shop-port', values['shop-port']),
    stockPort: portNumber('--stock-port', values['stock-port'])
  }
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        'no-build': { type: 'boolean', default: false },
        store: { type: 'string' },
        seconds: { type: 'string' },
        port: { type: 'string', default: '7777' },
        'otlp-port': { type: 'string', default: '4318' },
        'shop-port': { type: 'string', default: '7801' },
        'stock-port': { type: 'string', default: '7802' }
      }
    })
  } catch (error) {
    throw new DemoError(`${error.message}\nSee npm run demo -- --help`)
  }
}

function positive(flag, text) {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new DemoError(`${flag} takes a number above 0, not ${text}`)
}

function portNumber(flag, text) {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= 65535) return value
  throw new DemoError(`${flag} takes a port from 1 to 65535, not ${text}`)
}
