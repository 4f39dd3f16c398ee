// The demo's child processes. Each has a process group of its own, so that a Ctrl-C reaches only the demo, which then
// ends them in order; their output goes to files that are shown when something goes wrong, and removed at the end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { DemoError } from './demo-error.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 20_000
const SHOWN_LINES = 12

export function createProcesses() {
  const logFolder = mkdtempSync(join(tmpdir(), 'microlog-demo-'))
  const running = new Map()

  const logOf = name => join(logFolder, `${name}.log`)
  function trouble(name, what) {
    const words = readFileSync(logOf(name), 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES).join('\n')
    return new DemoError(`The process "${name}" ${what}.${words && `\nIts last words:\n${words}`}`)
  }

  /** Starts `node args…`; the result's `answering(url, signal)` waits for the first good answer. */
  function start(name, args, env = {}) {
    const log = openSync(logOf(name), 'w')
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...cleanEnvironment(), ...env },
      stdio: ['ignore', log, log],
      detached: process.platform !== 'win32'
    })
    closeSync(log)
    running.set(name, child)
    child.once('exit', () => running.delete(name))

    async function answering(url, signal) {
      const deadline = Date.now() + START_TIMEOUT_MS
      while (Date.now() < deadline) {
        signal.throwIfAborted()
        if (!running.has(name)) throw trouble(name, 'ended')
        const response = await fetch(url).catch(() => undefined) // refused: it doesn't listen yet
        if (response?.ok) return response
        await wait(50)
      }
      throw trouble(name, `does not answer at ${url}`)
    }
    return { answering }
  }

  /** Asks it to end and waits; whoever doesn't listen is ended. */
  async function stop(name) {
    const child = running.get(name)
    if (!child) return
    const exited = once(child, 'exit')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    child.kill('SIGTERM')
    await exited
    clearTimeout(timer)
  }

  return {
    start,
    stop,
    /** Rejects when a process ends on its own; resolves when `signal` is aborted. */
    anyEnded(signal) {
      return new Promise((resolve, reject) => {
        for (const [name, child] of running)
          child.once('exit', () => signal.aborted || reject(trouble(name, 'ended')))
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    },
    async stopAll() {
      for (const name of [...running.keys()].reverse()) await stop(name)
    },
    killAll() {
      for (const child of running.values()) child.kill('SIGKILL')
      rmSync(logFolder, { recursive: true, force: true })
    },
    removeLogs: () => rmSync(logFolder, { recursive: true, force: true })
  }
}

/** Without the settings of somebody's own telemetry: the demo's data goes to the demo's collector. */
function cleanEnvironment() {
  const unwanted = /^(OTEL_|MICROLOG_(SERVER|OTLP_URL|DISABLE|LABEL)$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name)))
}
