const counts = new Uint32Array(256)

/**
 * About how many bytes deflate makes of these: their entropy byte by byte, and a little for each symbol that its
 * tables must name. Only ever compared with another way to write the same rows.
 */
export function estimateBytes(bytes: Uint8Array): number {
  counts.fill(0)
  for (let i = 0; i < bytes.length; i++) counts[bytes[i]!]!++
  let bits = 0
  let symbols = 0
  for (let symbol = 0; symbol < 256; symbol++) {
    const count = counts[symbol]!
    if (count === 0) continue
    symbols++
    bits -= count * Math.log2(count / bytes.length)
  }
  return bits / 8 + symbols / 2
}
