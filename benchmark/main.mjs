// npm run benchmark NAME: runs one question against the built package (npm run build first), prints its answer and
// keeps it in benchmark/results.md.
import { readFile, writeFile } from 'node:fs/promises'

const questions = {
  size: () => import('./size.mjs'),
  ingest: () => import('./ingest.mjs'),
  overhead: () => import('./overhead.mjs'),
  start: () => import('./start.mjs'),
  'bytes-sent': () => import('./bytes-sent.mjs'),
  memory: () => import('./memory.mjs'),
  query: () => import('./query.mjs'),
  open: () => import('./open.mjs'),
  overload: () => import('./overload.mjs'),
  search: () => import('./search.mjs'),
  faults: () => import('./faults.mjs'),
  calls: () => import('./calls.mjs')
}

const name = process.argv[2]
if (!Object.hasOwn(questions, name ?? '')) {
  console.error(`Usage: npm run benchmark ${Object.keys(questions).join('|')}`)
  process.exit(2)
}
const { measure } = await questions[name]()
const section = await measure(process.argv.slice(3))
console.log(section)
await keep(name, section)

/** Replaces the question's section; the others stay. */
async function keep(question, section) {
  const path = new URL('results.md', import.meta.url)
  const known = await readFile(path, 'utf8').catch(() => '# Results\n\nWritten by `npm run benchmark`.\n')
  const marks = [`<!-- ${question} -->`, `<!-- /${question} -->`]
  const from = known.indexOf(marks[0])
  const to = known.indexOf(marks[1])
  const text = `${marks[0]}\n\n${section.trim()}\n\n${marks[1]}\n`
  const others = from < 0 ? `${known.trimEnd()}\n\n` : known.slice(0, from)
  await writeFile(path, others + text + (from < 0 ? '' : known.slice(to + marks[1].length + 1)))
}
