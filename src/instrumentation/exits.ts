// Every way out of a process that lets JavaScript run at all. The exit code, the signal and what is printed stay the
// program's own.

export interface ExitHandlers {
  /** The process ends now; nothing asynchronous runs any more. */
  onExit(): void
  /** An error nobody caught is about to end the process. */
  onUncaught(error: unknown): void
}

/** Signals that end a process unless it listens to them. */
const deadly = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

const ours = Symbol.for('microlog.exit')

/** Returns how to stop watching. */
export function watchExits(handlers: ExitHandlers): () => void {
  const onExit = Object.assign((): void => handlers.onExit(), { [ours]: true })
  const onUncaught = (error: unknown): void => handlers.onUncaught(error)
  // Ours comes last, so that what the program prints in its own listeners is still recorded.
  const stayLast = (name: string | symbol, listener: unknown): void => {
    // Two of ours would overtake each other for ever.
    if (name !== 'exit' || (listener as { [ours]?: true })[ours] === true) return
    queueMicrotask(() => {
      if (!process.listeners('exit').includes(onExit)) return
      process.off('exit', onExit)
      process.on('exit', onExit)
    })
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    // The program, or a library of its, has something to say about this signal: then it also ends the process.
    if (process.listenerCount(signal) > 1) return
    handlers.onExit()
    process.off(signal, onSignal)
    process.kill(process.pid, signal)
  }

  process.on('exit', onExit)
  process.on('newListener', stayLast)
  process.on('uncaughtExceptionMonitor', onUncaught)
  for (const signal of deadly) process.on(signal, onSignal)
  return () => {
    process.off('exit', onExit)
    process.off('newListener', stayLast)
    process.off('uncaughtExceptionMonitor', onUncaught)
    for (const signal of deadly) process.off(signal, onSignal)
  }
}
