// What the commands over the store share: options are read once, wrong use ends with 2, a failure with 1.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ParseArgsConfig } from 'node:util'
import { MicrologError, messageOf, systemCode } from '../base/errors.ts'
import { openStore } from '../collector/open-store.ts'
import type { OpenStore } from '../collector/open-store.ts'
import { writeNotice } from '../collector/write-notice.ts'
import { nearest } from '../instrumentation/nearest.ts'
import { escapeControls } from './print.ts'

type Options = NonNullable<ParseArgsConfig['options']>

export interface Usage {
  name: string
  help: string
  options: Options
  /** Fewest and most words beside the options. */
  words: [number, number]
}

export interface Arguments {
  words: string[]
  /** The text of an option; undefined where it wasn't given. */
  text(name: string): string | undefined
  flag(name: string): boolean
}

export const storeOption = {
  store: { type: 'string' },
  catalog: { type: 'string' }
} as const satisfies Options
/** What `--store` and `--catalog` name. */
export function openGivenStore(given: Arguments): Promise<OpenStore> {
  return openStore(given.text('store'), { catalog: given.text('catalog') })
}

/** The same for who only asks. A folder that was named is meant to be there; the usual one comes with the first recording. */
export async function openExistingStore(given: Arguments): Promise<OpenStore> {
  const store = await openGivenStore(given)
  if (given.text('store') && store.name === store.root && !existsSync(store.root))
    throw new MicrologError('not-found', `There is no folder ${store.root}`)
  return store
}

export const jsonOption = { json: { type: 'boolean' } } as const satisfies Options

/** An option whose text isn't what it takes. */
export class WrongUse extends Error {}

/** Something failed, and what was said already. */
export class AlreadyTold extends Error {}

/** Runs what the arguments ask for; the exit code. */
export async function withArguments(
  usage: Usage,
  args: string[],
  run: (given: Arguments) => Promise<void>
): Promise<number> {
  const given = readArguments(usage, args)
  if (typeof given === 'string') return reportWrongUse(usage, given)
  if (given.flag('help')) {
    process.stdout.write(usage.help.endsWith('\n') ? usage.help : `${usage.help}\n`)
    return 0
  }
  try {
    await run(given)
    return 0
  } catch (thrown) {
    if (thrown instanceof AlreadyTold) return 1
    if (thrown instanceof WrongUse) return reportWrongUse(usage, thrown.message)
    // Who reads the output has heard enough, `head` perhaps.
    if (systemCode(thrown) === 'EPIPE') return 0
    writeNotice(escapeControls(textOf(thrown)), usage.name)
    return 1
  }
}

/** For one line. What the system refuses says itself what and where; of what shouldn't happen the stack is told. */
export function textOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const isTold = thrown instanceof MicrologError || 'syscall' in thrown
  return isTold ? thrown.message : (thrown.stack ?? thrown.message)
}

export function reportWrongUse({ name }: Pick<Usage, 'name'>, message: string): number {
  writeNotice(`${escapeControls(message)}\nTry: microlog ${name} --help`, name)
  return 2
}

/** A text says what is wrong with them. */
function readArguments({ help, options, words }: Usage, args: string[]): Arguments | string {
  try {
    const all = { ...options, help: { type: 'boolean', short: 'h' } } as const satisfies Options
    const { values, positionals } = parseArgs({ args, options: all, allowPositionals: true, strict: true })
    const [fewest, most] = words
    if (!values.help && positionals.length < fewest) return `Expected ${firstLine(help)}`
    if (positionals.length > most) return `Expected ${firstLine(help)}, found ${positionals[most]} beside it`
    return {
      words: positionals,
      text: name => {
        const value = (values as Record<string, unknown>)[name]
        return typeof value === 'string' ? value : undefined
      },
      flag: name => (values as Record<string, unknown>)[name] === true
    }
  } catch (thrown) {
    return problemOf(thrown, Object.keys(options))
  }
}

/** How the command is written. */
function firstLine(help: string): string {
  return help.slice(0, help.indexOf('\n\n')).replace(/\s+/g, ' ')
}

/** node:util's own errors say which option is unknown or lacks its value, and then tell more than anybody asked. */
function problemOf(thrown: unknown, names: readonly string[]): string {
  const message = messageOf(thrown)
  const option = /'(?:-\w, )?(-[^' ]*)/.exec(message)?.[1] ?? ''
  if (message.includes('ambiguous')) {
    return `Expected a value after ${option}; one that begins with - is written ${option}=-…`
  }
  if (message.includes('argument missing')) return `Expected a value after ${option}`
  if (systemCode(thrown) !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return message
  const meant = nearest(option.replace(/^-+/, ''), names)
  return `Unknown option ${option}${meant === undefined ? '' : `, did you mean --${meant}?`}`
}
