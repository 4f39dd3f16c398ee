// Durations and sizes as people write them in flags and environment variables.

const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const unitBytes: Record<string, number> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }
const unitKibibytes: Record<string, number> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }

/** ms of '30', '30s', '500ms', '5m', '2h', '7d'; a bare number is seconds. Undefined for anything else. */
export function readDuration(text: string): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)?$/.exec(text.trim())
  return match ? Number(match[1]) * unitsMs[(match[2] ?? 's') as keyof typeof unitsMs] : undefined
}

/** Bytes of '1000', '500MB', '10GiB'. Undefined for anything else. */
export function readBytes(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,6})?) ?(?:([kmgt]?)b?|([kmgt])ib)$/i.exec(text.trim())
  if (!match) return undefined
  const unit = match[3] ? unitKibibytes[match[3].toLowerCase()]! : unitBytes[(match[2] ?? '').toLowerCase()]!
  return Math.floor(Number(match[1]) * unit)
}
