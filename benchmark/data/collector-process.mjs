import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../programs/collector.mjs', import.meta.url))

/** A collector in a process of its own. @param sealAfterMs as its option */
export async function startCollector(store, sealAfterMs) {
  const child = fork(program, [store, String(sealAfterMs)])
  const answer = () =>
    new Promise((resolve, reject) => {
      child.once('message', resolve)
      child.once('exit', code => reject(new Error(`expected the collector to answer, it ended with ${code}`)))
    })
  const { url } = await answer()
  let ended
  return {
    url: new URL(url),
    async rssMb() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1024
    },
    /** What it takes counts from here. */
    begin() {
      const begun = answer()
      child.send('begin')
      return begun
    },
    /** Seals what is open; what it took: seconds of CPU time of all its threads, and the most memory in MiB. */
    end() {
      if (ended === undefined) {
        ended = answer()
        child.send('end')
      }
      return ended
    }
  }
}
