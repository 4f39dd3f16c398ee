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
  exports: unknown
  loaded: boolean
}

interface ModuleInternals {
  prototype: { load?: (this: Loaded, filename: string) => unknown }
  _cache?: Record<string, Loaded | undefined>
}

/** Patches what is loaded already and what will be. What can't be patched stays as it is. */
export function watchLoggerModules(modules: readonly LoggerModule[]): () => void {
  const { prototype, _cache: cache } = Module as unknown as ModuleInternals
  const undo: (() => void)[] = []
  const patched = new WeakSet<object>()
  const wanted = modules.map(({ file, patch }) => ({ end: `/node_modules/${file}`, patch }))

  const look = (filename: string, { exports }: Loaded): void => {
    if (!filename.endsWith('.js') || (typeof exports !== 'object' && typeof exports !== 'function')) return
    const path = filename.replaceAll('\\', '/')
    const found = wanted.find(({ end }) => path.endsWith(end))
    if (found === undefined || exports === null || patched.has(exports)) return
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
  const load = prototype.load
  if (load !== undefined) {
    const watched = function (this: Loaded, filename: string): unknown {
      const result = load.call(this, filename)
      look(String(filename), this)
      return result
    }
    prototype.load = watched
    undo.push(() => {
      if (prototype.load === watched) prototype.load = load
    })
  }
  return () => {
    for (const step of undo.reverse()) step()
  }
}

/** Whether a file lies in one of these packages, or in what OpenTelemetry puts around them. */
export function isFileOf(...packages: string[]): (path: string) => boolean {
  const folders = [...packages, '@opentelemetry'].map(name => `/node_modules/${name}/`)
  return path => {
    const plain = path.includes('\\') ? path.replaceAll('\\', '/') : path
    return folders.some(folder => plain.includes(folder))
  }
}
