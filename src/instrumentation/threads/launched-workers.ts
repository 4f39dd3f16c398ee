// Makes every `new Worker` of the program a recorded one, whatever options it has: our preload goes before what it runs.
// The class stays the program's own behind a proxy; subclasses and instanceof see no difference.
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
// The default export is the module that `require` gives, whose properties can be set.
import builtin, { type Worker, type WorkerOptions } from 'node:worker_threads'
import { traceVariables } from '../spans/starter.ts'
import { isOwnFile, preloadPath } from '../own-files.ts'
import { createThreadWords, tellThreads, type ThreadData, type ThreadLaunch } from './thread-data.ts'

/**
 * Sees each worker that this thread starts from now on: `data` is what it learns, `launching` is told before it is made, and
 * told `undefined` after. Returns how to undo it.
 */
export function watchLaunches(
  data: () => ThreadData,
  launching: (launch: ThreadLaunch | 'ours' | undefined) => void
): () => void {
  const original = builtin.Worker
  const wrapped = new Proxy(original, {
    construct(target, args: ConstructorParameters<typeof Worker>, newTarget) {
      const construct = (options = args[1]): object =>
        Reflect.construct(target, [args[0], options, ...args.slice(2)], newTarget) as object
      const [filename, options = {}] = args
      try {
        if (isOwn(filename)) launching('ours')
        if (isOwn(filename) || !isPlain(options) || isSmall(options)) return construct()
        const launch = describeLaunch(filename, options)
        launching(launch)
        tellThreads({ ...data(), launch })
        return constructRecorded(options, construct)
      } finally {
        launching(undefined)
        tellThreads(data())
      }
    }
  })
  builtin.Worker = wrapped
  original.prototype.constructor = wrapped
  syncBuiltinESMExports()
  return () => {
    if (builtin.Worker !== wrapped) return
    builtin.Worker = original
    original.prototype.constructor = original
    syncBuiltinESMExports()
  }
}

function describeLaunch(
  filename: string | URL,
  { name, eval: isCode, execArgv }: WorkerOptions
): ThreadLaunch {
  const isFile = isCode !== true && !/^data:/.test(String(filename))
  return {
    name: name || (isFile ? basename(String(filename)) : '[worker eval]'),
    script: isFile ? (filename instanceof URL ? fileURLToPath(filename) : filename) : undefined,
    execArgv: [...(execArgv ?? process.execArgv)],
    words: createThreadWords(),
    trace: traceVariables().trace
  }
}

/** Arguments make a worker forget what it inherits: then it gets that, too, as far as a thread may have it. */
function constructRecorded(options: WorkerOptions, construct: (options?: WorkerOptions) => object): object {
  if (preloadPath === undefined) return construct()
  const preload = ['--require', preloadPath]
  // With an environment of its own it forgets the command line anyway.
  const hasOwnEnv = typeof options.env === 'object' && options.env !== null
  const inherited = hasOwnEnv ? [] : process.execArgv
  const execArgv = options.execArgv ?? inherited
  try {
    return construct({ ...options, execArgv: [...execArgv, ...preload] })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV' || options.execArgv !== undefined) return construct()
    // Arguments of the whole process, which it has without being told, are named in the message.
    const kept = inherited.filter(word => !message.includes(word))
    try {
      return construct({ ...options, execArgv: [...kept, ...preload] })
    } catch {
      // It runs as the program meant it; if that can't be, this is the program's own error.
      return construct()
    }
  }
}

/** A thread that may have so little memory would end for want of what the recorder takes. */
function isSmall({ resourceLimits }: WorkerOptions): boolean {
  return (resourceLimits?.maxOldGenerationSizeMb ?? Infinity) < smallestHeapMb
}

const smallestHeapMb = 32

/** Our own threads aren't the program's. */
function isOwn(filename: string | URL): boolean {
  return filename instanceof URL && isOwnFile(filename.href)
}

function isPlain(options: unknown): options is WorkerOptions {
  if (typeof options !== 'object' || options === null) return false
  const { execArgv } = options as WorkerOptions
  return execArgv === undefined || Array.isArray(execArgv)
}
