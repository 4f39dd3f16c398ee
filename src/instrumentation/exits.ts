// Every way out of a process that lets JavaScript run at all. The exit code, the signal and what is printed stay the
// program's own.
import { constants } from 'node:os'

export interface ExitHandlers {
  /** The process ends now; nothing asynchronous runs any more. May be called again. */
  onExit(): void
  /** An error that nobody caught, `handled` where the program listens for these. */
  onUncaught(error: unknown, handled: boolean): void
}

/** Signals that end a process unless it listens to them. */
const deadly: readonly string[] = ['SIGTERM', 'SIGINT', 'SIGHUP']
/** The same, of those that a process sends to itself: one of them can't be listened to, nobody else needs ours. */
const deadlyToSelf: readonly string[] = [...deadly, 'SIGKILL', 'SIGQUIT', 'SIGABRT', 'SIGUSR2', 'SIGALRM']

const ours = Symbol.for('microlog.exit')

/** Returns how to stop watching. */
export function watchExits(handlers: ExitHandlers): () => void {
  let watching = true
  const onExit = Object.assign((): void => handlers.onExit(), { [ours]: true })
  const onUncaught = (error: unknown): void => {
    const handled =
      process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()
    handlers.onUncaught(error, handled)
    // Thrown by a listener of `exit`: ours, which is the last one, won't be called.
    if ((process as { _exiting?: boolean })._exiting === true) handlers.onExit()
  }
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
  const listen = (signal: string): void => {
    if (!watching || process.listeners(signal as NodeJS.Signals).includes(onSignal)) return
    process.prependListener(signal as NodeJS.Signals, onSignal)
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    const alone = process.listenerCount(signal) === 1
    if (alone) handlers.onExit()
    process.off(signal, onSignal)
    // Else the program, or a library of its, has something to say about this signal, and then ends the process or doesn't.
    // Such libraries end it only where nobody else listens: while they look, we don't.
    if (alone) process.kill(process.pid, signal)
  }
  const onKill = (pid: unknown, given: unknown = 'SIGTERM'): void => {
    if (pid !== process.pid) return
    const name = typeof given === 'number' ? nameOfSignal(given) : String(given)
    if (!deadlyToSelf.includes(name)) return
    const others = process.listeners(name as NodeJS.Signals).filter(listener => listener !== onSignal)
    if (others.length > 0) return
    handlers.onExit()
    process.off(name, onSignal)
  }

  // A program that tidies up with `removeAllListeners` means its own.
  const comeBack = (_name: unknown, listener: unknown): void => {
    if (isOurs(listener)) queueMicrotask(listenAll)
  }
  const lasting = {
    exit: onExit,
    newListener: stayLast,
    uncaughtExceptionMonitor: onUncaught,
    removeListener: comeBack
  }
  const isOurs = (listener: unknown): boolean =>
    listener === onSignal || Object.values(lasting).some(own => own === listener)
  const listenAll = (): void => {
    if (!watching) return
    for (const [name, listener] of Object.entries(lasting)) {
      if (!process.listeners(name as 'exit').includes(listener as () => void)) process.on(name, listener)
    }
    for (const signal of deadly) listen(signal)
  }

  // Ours isn't one that the program has too many of. 0 and Infinity know no limit.
  const mostListeners = process.getMaxListeners()
  process.setMaxListeners(mostListeners && mostListeners + 1)
  listenAll()
  const restores = [
    // `process.exit` in a listener of `exit` comes here without calling the others.
    precede('reallyExit', () => handlers.onExit()),
    // Not `abort`: it prints the stack it was called with, and we would be in it.
    precede('kill', onKill)
  ]
  return () => {
    watching = false
    for (const [name, listener] of Object.entries(lasting)) process.off(name, listener)
    if (process.getMaxListeners() === mostListeners + 1) process.setMaxListeners(mostListeners)
    for (const signal of deadly) process.off(signal, onSignal)
    for (const restore of restores) restore()
  }
}

type Method = (this: unknown, ...args: unknown[]) => unknown

/** Runs `before` ahead of a method of process. Returns how to undo it. */
function precede(name: 'reallyExit' | 'kill', before: Method): () => void {
  const target = process as unknown as Record<string, Method>
  const original = target[name]
  if (original === undefined) return () => {}
  const wrapper: Method = function (...args) {
    before(...args)
    return Reflect.apply(original, this, args)
  }
  Object.defineProperty(wrapper, 'name', { value: name })
  target[name] = wrapper
  return () => {
    // Somebody may have wrapped ours meanwhile; theirs stays.
    if (target[name] === wrapper) target[name] = original
  }
}

function nameOfSignal(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? ''
}
