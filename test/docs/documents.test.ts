// What the documents say is there is there: files, headings, settings and flags.
import { readFileSync, readdirSync, existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const under = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(ending) && !name.includes('node_modules'))
    .map(name => join(folder, name))

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...under('docs', '.md'),
  ...under('examples', '.md')
]
const sources = ['src/instrumentation', 'src/collector', 'src/cli'].flatMap(folder => under(folder, '.ts'))

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): Set<string> {
  const headings = markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)
  return new Set(
    Array.from(headings, ([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\- _]/gu, '')
        .replaceAll(' ', '-')
    )
  )
}

function brokenLinks(document: string): string[] {
  const links = read(document)
    .replace(/^```[\s\S]*?^```/gm, '')
    .matchAll(/\]\(([^)\s]+)\)/g)
  return Array.from(links, ([, link = '']) => link).filter(link => {
    if (/^[a-z]+:/.test(link)) return false
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? document : join(dirname(document), path)
    if (!existsSync(resolve(root, target))) return true
    return anchor !== undefined && !anchorsOf(read(target)).has(anchor)
  })
}

/** Handed from process to process, by ourselves. */
const internal = /^MICROLOG_(?:INSTANCE_ID|PARENT_ID|PARENT_NAME|RUN_FOLDER)$/
const variablesIn = (text: string): string[] =>
  text.match(/\b(?:MICROLOG|TRACER)_[A-Z0-9_]*[A-Z0-9]\b/g) ?? []

describe('the documents', () => {
  test.each(documents)('%s leads to files and headings that are there', document => {
    expect(brokenLinks(document)).toEqual([])
  })

  test('configuration.md has every variable that the code reads, and no other', () => {
    const documented = new Set(variablesIn(read('docs/configuration.md')))
    const inCode = new Set(
      sources.flatMap(path => variablesIn(read(path))).filter(name => !internal.test(name))
    )
    // Built from the name of the delay, the limit or the flag.
    for (const name of ['SAMPLE', 'STATUS', 'MEMORY']) inCode.add(`TRACER_${name}_DELAY`)
    for (const name of ['SEAL_AFTER', 'RETENTION', 'MAX_BYTES']) inCode.add(`MICROLOG_${name}`)
    expect([...documented].filter(name => !internal.test(name)).sort()).toEqual([...inCode].sort())
  })

  test.each([
    ['src/instrumentation/options.ts', 'MicrologOptions'],
    ['src/collector/api.ts', 'CollectorOptions']
  ])('configuration.md has every option of %s, %s', (path, name) => {
    const [, body = ''] =
      new RegExp(`^export interface ${name} \\{\n([\\s\\S]*?)^\\}`, 'm').exec(read(path)) ?? []
    const options = Array.from(body.matchAll(/^ {2}(\w+)\?:/gm), ([, option = '']) => option)
    const configuration = read('docs/configuration.md')
    expect(options.length).toBeGreaterThan(10)
    expect(options.filter(option => !new RegExp(`\`${option}\\b`).test(configuration))).toEqual([])
  })

  test('configuration.md has every flag of serve', () => {
    const flags = read('src/cli/serve.ts').match(/^ {2}--[a-z-]+/gm) ?? []
    const configuration = read('docs/configuration.md')
    expect(flags.length).toBeGreaterThan(8)
    expect(flags.filter(flag => !configuration.includes(`\`${flag.trim()}\``))).toEqual([])
  })
})
