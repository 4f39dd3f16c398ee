// Adds a segment to the corpus, with what the second reader makes of it. What is there already never changes.
//   npx tsx test/corpus/add-to-corpus.ts NAME FILE.microlog
import { readFileSync, writeFileSync } from 'node:fs'
import { readContent } from '../second-reader/read-content.ts'

const [name, path] = process.argv.slice(2)
if (!name || !path) throw new Error('Expected a name for the corpus, and a .microlog file')
const bytes = readFileSync(path)
const target = new URL(`v1/${name}`, import.meta.url)
const options = { flag: 'wx' }
writeFileSync(new URL(`${target.href}.json`), `${JSON.stringify(readContent(bytes))}\n`, options)
writeFileSync(new URL(`${target.href}.microlog`), bytes, options)
