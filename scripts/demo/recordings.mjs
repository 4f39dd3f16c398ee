// Asks the collector what it holds. It is asked while it works: no answer is an answer, and the next one comes soon.

/** The recordings that were still growing at `since`, Unix ms. */
export async function listRecordings(uiUrl, since) {
  const page = await ask(new URL(`/api/recordings?from=${since - 60_000}`, uiUrl))
  return (page?.items ?? []).filter(recording => recording.start + recording.durationMs >= since - 60_000)
}

/** The id of the busiest checkout that took at least `minDurationMs`, if there is one by now. */
export async function findSlowTrace(uiUrl, since, minDurationMs) {
  const query = new URLSearchParams({
    service: 'shop',
    name: 'POST /checkout/:cart',
    from: since,
    minDurationMs
  })
  const page = await ask(new URL(`/api/traces?${query}`, uiUrl))
  return page?.items.toSorted((a, b) => b.samples - a.samples).find(trace => trace.samples > 0)?.traceId
}

async function ask(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    return response.ok ? await response.json() : undefined
  } catch {
    return undefined // busy or ending: the caller shows what it has
  }
}

/** What is left of the demo, as lines. */
export function describeRecordings(recordings, store, isDefaultStore) {
  if (recordings.length === 0) return ['No recording was made.']
  const widest = Math.max(...recordings.map(recording => recording.label.length))
  return [
    `Kept in ${store}:`,
    ...recordings.map(
      ({ id, label, durationMs, samples, spans, logs }) =>
        `  ${label.padEnd(widest)}  ${id}  ${Math.round(durationMs / 1000)} s, ` +
        `${number(samples)} samples, ${number(spans)} spans, ${number(logs)} logs`
    ),
    `Look at them again with: node dist/cli/main.js serve${isDefaultStore ? '' : ` --store ${store}`}`
  ]
}

export function number(value) {
  return value.toLocaleString('en-US')
}
