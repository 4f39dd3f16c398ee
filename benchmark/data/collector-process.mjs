import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../programs/collector.mjs', import.meta.url))

/** A collector in a process of its own, which deletes nothing. @param sealAfterMs as its option */
export async function startCollector(store, sealAfterMs) {
  const child = fork(program, [store, String(sealAfterMs)])
  const answer = () =>
    new Promise((resolve, reject) => {
      const fail = code => reject(new Error(`expected the collector to answer, it ended with ${code}`))
      child.once('exit', fail).once('message', told => {
        child.off('exit', fail)
        resolve(told)
      })
    })
  const ask = question => {
    const answered = answer()
    child.send(question)
    return answered
  }
  const { url, uiUrl } = await answer()
  let ended
  return {
    url: new URL(url),
    uiUrl,
    async rssMb() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1024
    },
    /** What it takes counts from here. */
    begin: () => ask('begin'),
    /** What `run` gives, and for how many ms at most its event loop did not turn meanwhile. */
    async watch(run) {
      await ask('watch')
      const result = await run()
      return { result, ...(await ask('watched')) }
    },
    /** Seals what is open; what it took: seconds of CPU time of all its threads, and the most memory in MiB. */
    end: () => (ended ??= ask('end'))
  }
}
