// Starts the shop's services as their README says, on free ports, and waits for them.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../examples/shop/', import.meta.url))
const START_TIMEOUT_MS = 60_000
/** Whoever hasn't ended by then is killed: a test that fails leaves no process behind. */
const END_TIMEOUT_MS = 20_000

export interface Service {
  url: string
  /** Everything it has written so far. */
  output(): string
  /** Sends the signal, waits for the end, gives the exit code; null where it had to be killed. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts shop.js or stock.js; `otlpUrl` gets its telemetry, `server` is the UI's origin where a collector runs. */
export async function startService(
  name: string,
  otlpUrl: string,
  args: string[] = [],
  server = otlpUrl
): Promise<Service> {
  const child = spawnService(name, otlpUrl, ['--port', '0', ...args], server)
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} does not listen:\n${output}`)), START_TIMEOUT_MS)
    const onText = (text: string): void => {
      output += text
      const found = /listens on (http:\S+)/.exec(output)?.[1]
      if (found) resolve(found)
      if (found) clearTimeout(timer)
    }
    child.stdout?.setEncoding('utf8').on('data', onText)
    child.stderr?.setEncoding('utf8').on('data', onText)
    child.once('exit', code => reject(new Error(`${name} ended with ${code}:\n${output}`)))
  })
  return {
    url,
    output: () => output,
    async end(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      child.kill(signal)
      return exitCodeOf(child)
    }
  }
}

/** Runs a service that is expected to end on its own. */
export async function runService(
  name: string,
  otlpUrl: string,
  args: string[]
): Promise<{ code: number | null; output: string }> {
  const child = spawnService(name, otlpUrl, args)
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', text => (output += text))
  child.stderr?.setEncoding('utf8').on('data', text => (output += text))
  return { code: await exitCodeOf(child), output }
}

async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS)
  const [code] = await once(child, 'close')
  clearTimeout(timer)
  return code
}

function spawnService(name: string, otlpUrl: string, args: string[], server = otlpUrl): ChildProcess {
  return spawn(process.execPath, ['--import', './telemetry.js', `${name}.js`, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      OTEL_SERVICE_NAME: name,
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      MICROLOG_SERVER: server
    }
  })
}
