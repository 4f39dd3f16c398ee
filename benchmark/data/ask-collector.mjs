import { startCollector } from './collector-process.mjs'
import { getText } from './get-text.mjs'

/** As the collector does itself. */
const sealAfterMs = 30_000
/** What asks is new, too: its own start isn't the collector's. */
const warmUps = 50

/** Runs `ask` beside a collector of the store in a process of its own that deletes nothing. */
export async function askCollector(store, ask) {
  const collector = await startCollector(store, sealAfterMs)
  try {
    for (let time = 0; time < warmUps; time++) await getText(`${collector.uiUrl}/healthz`)
    return await ask(collector)
  } finally {
    await collector.end()
  }
}
