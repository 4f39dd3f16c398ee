// What deflate would make of some bytes, without deflating them: the codec is handed in and may be asynchronous, and
// choosing among encodings needs no more than to know which is smaller.

const symbols = 257
const matchSymbol = 256
const counts = new Uint32Array(symbols)
const lastSeen = new Int32Array(1 << 13)

/** About the bytes left: repeats of three bytes and more are found greedily, what stays is counted by its entropy. */
export function estimateDeflated(bytes: Uint8Array): number {
  counts.fill(0)
  lastSeen.fill(-1)
  let bits = 0
  const last = bytes.length - 3
  for (let at = 0; at < bytes.length;) {
    if (at <= last) {
      const triple = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)
      const slot = Math.imul(triple, 0x9e3779b1) >>> 19
      const seen = lastSeen[slot]!
      lastSeen[slot] = at
      const length = seen < 0 ? 0 : matchLength(bytes, seen, at)
      const distanceBits = 3 + Math.log2(at - seen)
      if (length > 3 || (length === 3 && distanceBits < 9)) {
        counts[matchSymbol]!++
        bits += distanceBits + (length > 10 ? 2 : 0)
        at += length
        continue
      }
    }
    counts[bytes[at++]!]!++
  }
  return (bits + entropyBits()) / 8
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
  for (const count of counts) total += count
  let bits = 0
  for (const count of counts) if (count > 0) bits += count * Math.log2(total / count) + 4
  return bits
}
