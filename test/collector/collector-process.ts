import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const scripts = new URL('.', import.meta.url)

export interface CollectorProcess {
  uiUrl: string
  otlpUrl: string
  /** What it wrote there so far. */
  stderr(): string
  /** Ends without a chance to tidy up; answers when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; its exit code. */
  end(): Promise<number | null>
}

interface ProcessOptions {
  node?: string
  env?: Record<string, string>
  /** Beside this file, or a URL. */
  script?: string
}

export async function startCollectorProcess(
  args: readonly string[],
  { node = process.execPath, env = {}, script = 'serve-process.mjs' }: ProcessOptions = {}
): Promise<CollectorProcess> {
  const child = spawn(node, [fileURLToPath(new URL(script, scripts)), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const printed = await untilPrinted(child, /OTLP +(\S+)\n/, () => errors)
  return {
    uiUrl: /Screens +(\S+)\n/.exec(printed)![1]!,
    otlpUrl: /OTLP +(\S+)\n/.exec(printed)![1]!,
    stderr: () => errors,
    async kill() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    async end() {
      const gone = once(child, 'close')
      child.kill('SIGTERM')
      return ((await gone) as [number | null])[0]
    }
  }
}

async function untilPrinted(child: ChildProcess, pattern: RegExp, errors: () => string): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (pattern.test(text)) resolve(text)
    })
    child.once('exit', code => reject(new Error(`The collector ended with ${code}: ${errors()}`)))
  })
}
