// node --import microlog/register app.js: the whole set-up from the environment. Loaded again in every worker thread and,
// through NODE_OPTIONS, in every child that runs Node.
import { basename } from 'node:path'
import { startRecorder } from './recorder.ts'

/** These only start the program that is meant. */
const starters = new Set([
  'npm-cli.js',
  'npx-cli.js',
  'yarn.js',
  'yarn.cjs',
  'pnpm.cjs',
  'pnpm.mjs',
  'corepack.js'
])

if (!starters.has(basename(process.argv[1] ?? ''))) startRecorder()
