// What deflate would make of some bytes, without deflating them: the codec is handed in and may be asynchronous, and
// choosing among encodings needs no more than to know which is smaller.

const symbols = 257
const matchSymbol = 256
const counts = new Uint32Array(symbols)
/** Where three bytes were last seen, counted over all calls so that nothing has to be cleared between them. */
const lastSeen = new Int32Array(1 << 13)
let seenBefore = 1

const logarithms = Float64Array.from({ length: 4096 }, (_, n) => Math.log2(n))

/** About the bytes left: repeats of three bytes and more are found greedily, what stays is counted by its entropy. */
export function estimateDeflated(bytes: Uint8Array): number {
  counts.fill(0)
  const base = firstPlace(bytes.length)
  let bits = 0
  const last = bytes.length - 3
  for (let at = 0; at < bytes.length;) {
    if (at <= last) {
      const triple = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)
      const slot = Math.imul(triple, 0x9e3779b1) >>> 19
      const seen = lastSeen[slot]! - base
      lastSeen[slot] = base + at
      const length = seen < 0 ? 0 : matchLength(bytes, seen, at)
      if (length >= 3) {
        const distanceBits = 3 + log2(at - seen)
        if (length > 3 || distanceBits < 9) {
          counts[matchSymbol]!++
          bits += distanceBits + (length > 10 ? 2 : 0)
          at += length
          continue
        }
      }
    }
    counts[bytes[at++]!]!++
  }
  return (bits + entropyBits()) / 8
}

/** The place of a call's first byte among the bytes of all calls. */
function firstPlace(length: number): number {
  if (seenBefore > 0x7fffffff - length) {
    lastSeen.fill(0)
    seenBefore = 1
  }
  const first = seenBefore
  seenBefore += length
  return first
}

function matchLength(bytes: Uint8Array, seen: number, at: number): number {
  const longest = Math.min(258, bytes.length - at)
  let length = 0
  while (length < longest && bytes[seen + length] === bytes[at + length]) length++
  return length
}

/** Of the literals and matches, with some bits for each symbol that the tables must name. */
function entropyBits(): number {
  let total = 0
  let named = 0
  let bits = 0
  for (let symbol = 0; symbol < symbols; symbol++) {
    const count = counts[symbol]!
    if (count === 0) continue
    total += count
    named++
    bits -= count * log2(count)
  }
  return total === 0 ? 0 : bits + total * log2(total) + named * 4
}

function log2(n: number): number {
  return n < logarithms.length ? logarithms[n]! : Math.log2(n)
}
