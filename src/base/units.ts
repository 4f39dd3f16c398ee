// Numbers as people read them, and within bounds; all rooms share these.

export const nanosPerMs = 1e6
export const nanosPerSecond = 1e9

/** '850 ns', '12.3 µs', '4.21 ms', '1.50 s', '2 min 05 s', '3 h 12 min', '9 d 23 h' from nanoseconds. */
export function formatDuration(nanos: number): string {
  const size = Math.abs(nanos)
  if (!Number.isFinite(nanos)) return '–'
  if (size < 1e3) return `${Math.round(nanos)} ns`
  if (size < 1e6) return `${threeDigits(nanos / 1e3)} µs`
  if (size < 1e9) return `${threeDigits(nanos / 1e6)} ms`
  if (size < 60e9) return `${threeDigits(nanos / 1e9)} s`
  const seconds = Math.round(nanos / 1e9)
  if (size < 3600e9) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`
  const hours = Math.floor(seconds / 3600)
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`
  return `${hours} h ${pad(Math.floor((seconds % 3600) / 60))} min`
}

/** '312 B', '4.2 kB', '17 MB' (powers of 1000). */
export function formatBytes(bytes: number): string {
  let size = bytes
  let unit = 0
  while (Math.abs(size) >= 999.5 && unit < byteUnits.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 ? Math.round(size) : threeDigits(size)} ${byteUnits[unit]}`
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB']

/** '1,234', of a whole number. By hand: Intl takes 20 ms to begin with, at the end of every recorded process. */
export function formatCount(count: number): string {
  return String(count).replace(/\d(?=(?:\d{3})+$)/g, '$&,')
}

/** '12.3 %' of a share of one. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** '+12.3 pp': by how many percentage points a share changed; '' for a change that can't be seen in them. */
export function formatShareChange(change: number): string {
  const points = Math.abs(change * 100).toFixed(1)
  return points === '0.0' ? '' : formatChange(change, () => `${points} pp`)
}

/** '+3', '−3' with the size as `format` writes it, '' where nothing changed. */
export function formatChange(change: number, format: (size: number) => string): string {
  if (change === 0) return ''
  return `${change > 0 ? '+' : '−'}${format(Math.abs(change))}`
}

/** The two digits of each byte, lower-case. */
export const hexBytes: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0')
)

/** The bytes that pairs of digits are. */
export function bytesOfHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], digits => parseInt(digits, 16))
}

/** `most` where the bounds contradict each other. */
export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}

function threeDigits(value: number): string {
  const size = Math.abs(value)
  return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
