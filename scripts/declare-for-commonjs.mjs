// TypeScript, before it knew that `require` loads ES modules, wants declarations of CommonJS for a program that is: the same
// ones by another name, of the entries and all that they lead to.
import { readFileSync, writeFileSync } from 'node:fs'

const dist = new URL('../dist/', import.meta.url)
const entries = ['instrumentation/index', 'instrumentation/register', 'collector/index', 'format/index']
const relative = /(['"])(\.{1,2}\/[^'"]+)\.ts\1/g

// A set goes on with what is added while it is walked.
const files = new Set(entries.map(name => new URL(`${name}.d.ts`, dist).href))
for (const file of files) {
  const text = readFileSync(new URL(file), 'utf8')
  for (const [, , path] of text.matchAll(relative)) files.add(new URL(`${path}.d.ts`, file).href)
  writeFileSync(new URL(file.replace(/ts$/, 'cts')), text.replace(relative, '$1$2.cts$1'))
}
