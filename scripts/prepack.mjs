// What is packed is the build of the sources as they are; one that is up to date isn't made a second time.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isBuilt } from './is-built.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
if (!isBuilt(root)) {
  execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
}
