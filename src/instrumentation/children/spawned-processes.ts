// Sees every process that the program starts, by whichever call, and changes the environment that it is given. All that is
// asynchronous goes through ChildProcess.prototype.spawn; the three synchronous functions are wrapped one by one.
import * as childProcess from 'node:child_process'
import { createRequire, syncBuiltinESMExports } from 'node:module'

type Environment = Readonly<Record<string, string | undefined>>
/** `words`: the command line, as far as it is known. */
type Changes = (env: Environment, words: readonly string[]) => Environment

interface SpawnOptions {
  args?: unknown
  /** `NAME=value`, ready for the system. */
  envPairs?: unknown
}

type Spawn = (this: unknown, options: SpawnOptions) => unknown
type Synchronous = (...args: unknown[]) => unknown

const synchronous = ['spawnSync', 'execFileSync', 'execSync'] as const

/** `changes`: undefined takes a variable away. Returns how to undo it. */
export function watchSpawns(changes: Changes): () => void {
  const builtin = createRequire(import.meta.url)('node:child_process') as Record<string, Synchronous>
  const undo = synchronous.map(name => wrapSynchronous(builtin, name, changes))
  undo.push(wrapSpawn(changes))
  syncBuiltinESMExports()
  return () => {
    for (const step of undo) step()
    syncBuiltinESMExports()
  }
}

function wrapSpawn(changes: Changes): () => void {
  const prototype = childProcess.ChildProcess.prototype as unknown as { spawn: Spawn }
  const original = prototype.spawn
  const spawn: Spawn = function (options) {
    return original.call(this, changedPairs(options, changes))
  }
  prototype.spawn = spawn
  return () => {
    if (prototype.spawn === spawn) prototype.spawn = original
  }
}

function changedPairs(options: SpawnOptions, changes: Changes): SpawnOptions {
  try {
    const pairs = options.envPairs
    if (!Array.isArray(pairs)) return options
    const env = Object.fromEntries(
      (pairs as string[]).map(pair => {
        // On Windows there are names that begin with "=".
        const at = pair.indexOf('=', 1)
        return [pair.slice(0, at), pair.slice(at + 1)]
      })
    )
    const changed = changes(env, wordsOf(options.args))
    const kept = (pairs as string[]).filter(
      pair => !Object.hasOwn(changed, pair.slice(0, pair.indexOf('=', 1)))
    )
    const added = Object.entries(changed).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${value}`]
    )
    return { ...options, envPairs: [...kept, ...added] }
  } catch {
    // The child runs as the program meant it.
    return options
  }
}

function wrapSynchronous(
  builtin: Record<string, Synchronous>,
  name: (typeof synchronous)[number],
  changes: Changes
): () => void {
  const original = builtin[name]!
  const wrapped: Synchronous = (...args) => original(...changedArguments(name, args, changes))
  Object.defineProperties(wrapped, {
    name: { value: name, configurable: true },
    length: { value: original.length, configurable: true }
  })
  builtin[name] = wrapped
  return () => {
    if (builtin[name] === wrapped) builtin[name] = original
  }
}

/** (command, options) or (file, arguments, options), where the arguments may be left out. */
function changedArguments(name: string, args: unknown[], changes: Changes): unknown[] {
  try {
    const at = name === 'execSync' || isOptions(args[1]) ? 1 : 2
    const options = args[at]
    if (options !== undefined && options !== null && !isOptions(options)) return args
    const env: Record<string, string | undefined> = {}
    const given = options?.env ?? process.env
    // As Node does, with what the object inherits.
    for (const variable in given) env[variable] = given[variable]
    for (const [variable, value] of Object.entries(changes(env, args.slice(0, at).flatMap(wordsOf)))) {
      if (value === undefined) delete env[variable]
      else env[variable] = value
    }
    const changed = args.slice(0, at)
    changed[at] = { ...options, env }
    return changed
  } catch {
    return args
  }
}

/** Of an argument, or of a list of them. */
function wordsOf(given: unknown): string[] {
  return (Array.isArray(given) ? given : [given]).map(String)
}

function isOptions(value: unknown): value is { env?: Environment } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
