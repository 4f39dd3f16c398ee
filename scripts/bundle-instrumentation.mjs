// The recorder runs in other people's processes and in each of their threads: what these load is put into few files, so that
// Node doesn't have to find, read and link a hundred. Each module of it is still there only once, whichever way it is loaded.
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const pathOf = path => fileURLToPath(new URL(`../${path}`, import.meta.url))
/** The files that are loaded by name. */
const entries = ['index', 'register', 'sender-worker']

const bundle = await rolldown({
  input: Object.fromEntries(entries.map(name => [name, pathOf(`src/instrumentation/${name}.ts`)])),
  platform: 'node',
  // Packages, and Node's own modules.
  external: id => !id.startsWith('.') && !isAbsolute(id)
})
await bundle.write({
  dir: pathOf('dist/instrumentation'),
  format: 'esm',
  // All in one folder: src/instrumentation/own-files.ts counts on it.
  chunkFileNames: 'bundled-[name].js',
  sourcemap: true
})
