// Loggers are packages of the program's, in any number of copies, loaded before us or after, by require or import. All of
// them are CommonJS, which one function loads whoever asks, loader hooks of others included: it is watched.
import Module from 'node:module'

/** A file of a logger's package, to be patched wherever it is loaded from. Returns how to undo it. */
export interface LoggerModule {
  /** Name of the package and path in it. */
  file: string
  patch(exports: unknown): () => void
}

interface Loaded {
  /** Its path, but for the program's own file. */
  id?: unknown
  exports: unknown
  loaded: boolean
}

type Load = (this: Loaded, filename: string) => unknown

interface ModuleInternals {
  prototype: { load?: Load }
  _cache?: Record<string, Loaded | undefined>
}

/** Patches what is loaded already and what will be. What can't be patched stays as it is. */
export function watchLoggerModules(modules: readonly LoggerModule[]): () => void {
  const { prototype, _cache: cache } = Module as unknown as ModuleInternals
  const undo: (() => void)[] = []
  const patched = new WeakSet<object>()

  const names = new Set(modules.map(({ file }) => file.slice(file.lastIndexOf('/') + 1)))
  // Asked for each module of the program: nearly all are another's by their name alone.
  const loggerOf = (filename: string): LoggerModule | undefined => {
    const name = filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1)
    if (!names.has(name)) return undefined
    const path = filename.replaceAll('\\', '/')
    return modules.find(({ file }) => path.endsWith(`/node_modules/${file}`))
  }
  const look = (filename: string, { exports }: Loaded): void => {
    const found = loggerOf(filename)
    if (found === undefined || exports === null) return
    if ((typeof exports !== 'object' && typeof exports !== 'function') || patched.has(exports)) return
    patched.add(exports)
    try {
      undo.push(found.patch(exports))
    } catch {
      // Another release than we know, perhaps. It logs as ever, unheard.
      patched.delete(exports)
    }
  }

  if (cache !== undefined) {
    for (const filename of Object.keys(cache)) {
      const module = cache[filename]
      if (module?.loaded === true) look(filename, module)
    }
  }
  undo.push(watchLoad(prototype, filename => loggerOf(filename) !== undefined, look))
  return () => {
    for (const step of undo.reverse()) step()
  }
}

/**
 * Sees the modules that are wanted once they are loaded. The function that loads is another one for them alone: the stacks
 * of all others, and of the errors in them, don't have us in them. Returns how to undo it.
 */
function watchLoad(
  prototype: ModuleInternals['prototype'],
  isWanted: (filename: string) => boolean,
  look: (filename: string, module: Loaded) => void
): () => void {
  let load = prototype.load
  if (load === undefined) return () => {}
  const watched: Load = function (filename) {
    const result = load!.call(this, filename)
    look(String(filename), this)
    return result
  }
  const get = function (this: Loaded): Load | undefined {
    return typeof this.id === 'string' && isWanted(this.id) ? watched : load
  }
  const common = { configurable: true, enumerable: true }
  // Who wraps it meanwhile wraps it for all.
  Object.defineProperty(prototype, 'load', { ...common, get, set: (value: Load) => void (load = value) })
  return () => {
    if (Object.getOwnPropertyDescriptor(prototype, 'load')?.get !== get) return
    Object.defineProperty(prototype, 'load', { ...common, writable: true, value: load })
  }
}

/** Nest hands on to other loggers by these. */
const around = ['@opentelemetry', '@nestjs/common', 'nestjs-pino', 'nest-winston']

/** Whether a file lies in one of these packages, or in what OpenTelemetry or Nest puts around them. */
export function isFileOf(...packages: string[]): (path: string) => boolean {
  const folders = [...packages, ...around].map(name => `/node_modules/${name}/`)
  return path => {
    const plain = path.includes('\\') ? path.replaceAll('\\', '/') : path
    return folders.some(folder => plain.includes(folder))
  }
}
