import { spawn } from 'node:child_process'
import { messageOf } from '../base/errors.ts'

export interface ProgramEnd {
  code: number
  signal: NodeJS.Signals | undefined
  /** Why it didn't start. */
  failure: string | undefined
}

const forwarded: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2']

/** Runs a program in our place: its terminal is ours, and signals meant for it reach it. */
export function runProgram(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  return new Promise(resolve => {
    const windows = process.platform === 'win32'
    // Commands such as npm are scripts of the shell there.
    const child = spawn(command, args, {
      env,
      stdio: 'inherit',
      shell: windows && command !== process.execPath
    })
    const listeners = forwarded.map(signal => {
      const forward = (): void => {
        // A terminal sends Ctrl-C to the program by itself; twice would be another wish.
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
      }
      process.on(signal, forward)
      return () => process.off(signal, forward)
    })
    const finish = (end: ProgramEnd): void => {
      for (const stop of listeners) stop()
      resolve(end)
    }
    child.on('error', error => {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      finish({ code: missing ? 127 : 126, signal: undefined, failure: messageOf(error) })
    })
    child.on('exit', (code, signal) =>
      finish({ code: code ?? 1, signal: signal ?? undefined, failure: undefined })
    )
  })
}

/** Ends this process as a signal ended the program, so that who started us sees the same. */
export function dieOf(signal: NodeJS.Signals): Promise<never> {
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
  // The signal arrives with the next turn of the loop.
  return new Promise(() => setInterval(() => {}, 1000))
}
