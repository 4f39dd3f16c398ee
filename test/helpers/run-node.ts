// Starts real programs and waits for their end.
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface StartedProgram {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Fulfilled when stdout holds the text; rejected when it ends without. */
  printed(text: string): Promise<void>
  /** What it wrote so far. */
  stdout(): string
  stderr(): string
}

/** Built by `npm run build`, which `npm test` does first. */
export const registerUrl = new URL('../../dist/instrumentation/register.js', import.meta.url).href
export const cliPath = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

export function programPath(name: string): string {
  return fileURLToPath(new URL(`../instrumentation/programs/${name}`, import.meta.url))
}

/** Without what the environment of the tests says about telemetry. */
export function cleanEnvironment(extra: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:OTEL|MICROLOG|TRACER|NODE_OPTIONS|VITEST)/.test(name)
  )
  // Machines that run tests are busy: the last flush may take its time.
  return { ...Object.fromEntries(kept), MICROLOG_EXIT_DELAY: '20', ...extra }
}

export interface RunOptions {
  /** The `node` to run; this process's own by default. */
  node?: string
  cwd?: string
  stdin?: 'ignore' | 'pipe'
}

export function startNode(
  args: string[],
  env: Record<string, string | undefined> = {},
  { node = process.execPath, cwd, stdin = 'ignore' }: RunOptions = {}
): StartedProgram {
  const child = spawn(node, args, {
    cwd,
    env: cleanEnvironment(env),
    stdio: [stdin, 'pipe', 'pipe']
  })
  let stdout = ''
  let stderr = ''
  let onOutput: (() => void)[] = []
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const listener of onOutput) listener()
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Ended>(resolve => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return {
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    printed: text =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!stdout.includes(text)) return
          onOutput = onOutput.filter(listener => listener !== look)
          resolve()
        }
        onOutput.push(look)
        look()
        void ended.then(() =>
          reject(new Error(`It ended before it printed '${text}':\n${stdout}\n${stderr}`))
        )
      })
  }
}

export function runNode(
  args: string[],
  env: Record<string, string | undefined> = {},
  options: RunOptions = {}
): Promise<Ended> {
  return startNode(args, env, options).ended
}
