// Keeps some processes going, and starts each anew when it has ended; with a key given in code. One of them is an npm script.
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { start } from '../../../dist/instrumentation/index.js'

const self = fileURLToPath(import.meta.url)
const [role, ...rest] = process.argv.slice(2)

if (role === 'child') {
  console.log(`child ${rest.join(' of ')}`)
} else {
  start({ ingestKey: 'given-in-code' })
  const [processes, restarts, packageFolder] = [Number(rest[0]), Number(rest[1]), rest[2]]
  console.log('parent')
  const keepGoing = async slot => {
    for (let turn = 0; turn < restarts; turn++) {
      const [code] = await once(fork(self, ['child', turn, slot], { execArgv: [] }), 'exit')
      if (code !== 0) process.exitCode = 1
    }
  }
  await Promise.all(Array.from({ length: processes }, (_, slot) => keepGoing(slot)))
  const script = spawn('npm', ['run', '--silent', 'told'], { cwd: packageFolder, stdio: 'inherit' })
  if ((await once(script, 'exit'))[0] !== 0) process.exitCode = 1
}
