import { createCollector } from '../../dist/collector/index.js'

/** Runs `ask` beside a collector of the store that deletes nothing. */
export async function askCollector(store, ask) {
  const collector = await createCollector({
    store,
    port: 0,
    otlpPort: 0,
    ui: false,
    retentionMs: 0,
    maxBytes: 0
  })
  try {
    return await ask(collector)
  } finally {
    await collector.close()
  }
}
