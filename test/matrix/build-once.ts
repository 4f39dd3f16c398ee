import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Once before all files of the matrix: what is tested is the built package. */
export function setup(): void {
  if (existsSync(`${root}dist/cli/main.js`) && existsSync(`${root}dist/ui/index.html`)) return
  execFileSync('npm', ['run', 'build', '--silent'], { cwd: root, stdio: 'inherit' })
}
