import { startCollector } from './collector-process.mjs'

/** As the collector does itself. */
const sealAfterMs = 10_000
/** What asks is new, too: its own start isn't the collector's. */
const warmUps = 50

/** Runs `ask` beside a collector of the store in a process of its own that deletes nothing. */
export async function askCollector(store, ask) {
  const collector = await startCollector(store, sealAfterMs)
  try {
    for (let time = 0; time < warmUps; time++) await (await fetch(`${collector.uiUrl}/healthz`)).text()
    return await ask(collector)
  } finally {
    await collector.end()
  }
}
