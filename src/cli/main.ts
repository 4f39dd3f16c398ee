#!/usr/bin/env node
// microlog NAME …: each command is loaded only when it is asked for.
import { readFileSync } from 'node:fs'
import type { Command } from './command.ts'
import { messageOf } from '../base/errors.ts'
import { writeNotice } from '../collector/write-notice.ts'
import { nearest } from '../instrumentation/nearest.ts'

interface NamedCommand {
  /** One line for `microlog --help`. */
  summary: string
  load(): Promise<Command>
}

const commands: Record<string, NamedCommand> = {
  run: { summary: 'record a program', load: async () => (await import('./run.ts')).run },
  serve: {
    summary: 'collect OTLP and serve the screens',
    load: async () => (await import('./serve.ts')).serve
  },
  ls: { summary: 'list recordings', load: async () => (await import('./ls.ts')).ls },
  show: { summary: 'what a recording holds', load: async () => (await import('./show.ts')).show },
  export: {
    summary: 'write a recording in another format',
    load: async () => (await import('./export.ts')).exportCommand
  },
  import: {
    summary: 'read files of other formats',
    load: async () => (await import('./import.ts')).importCommand
  },
  diff: {
    summary: 'what changed between two recordings',
    load: async () => (await import('./diff.ts')).diff
  },
  compact: {
    summary: 'put segments of recordings together',
    load: async () => (await import('./compact.ts')).compact
  },
  rm: { summary: 'remove a recording', load: async () => (await import('./rm.ts')).rm }
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${version()}\n`)
    return 0
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (name === 'help' && args[0] !== undefined) return main([args[0], '--help'])
    const stream = name === undefined ? process.stderr : process.stdout
    stream.write(help())
    return name === undefined ? 2 : 0
  }
  const command = commandOf(name)
  if (command === undefined) {
    const meant = nearest(name, Object.keys(commands))
    const hint = meant === undefined ? '' : `, did you mean ${meant}?`
    writeNotice(`expected a command, found ${JSON.stringify(name)}${hint}\nTry: microlog --help`)
    return 2
  }
  return (await command.load()).run(args)
}

/** Undefined for a word that is no command, also for what every object has. */
function commandOf(name: string): NamedCommand | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined
}

function help(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  return `microlog COMMAND …

Records Node programs (stacks, logs, spans, process figures), keeps the recordings, shows them.

${lines.join('\n')}

microlog COMMAND --help tells more, microlog --version which one this is.
`
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

// Each command hears of it where it writes; without a listener it would end the process with a stack.
process.stdout.on('error', () => {})

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  writeNotice(String(error instanceof Error ? error.stack : messageOf(error)))
  process.exitCode = 1
}
