const table = buildTable()

/** CRC-32C (Castagnoli, reflected polynomial 0x82F63B78; RFC 3720 appendix B.4), unsigned. */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed
  for (let i = 0; i < bytes.length; i++) {
    crc = (table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)) | 0
  }
  return ~crc >>> 0
}

function buildTable(): Int32Array {
  const table = new Int32Array(256)
  for (let i = 0; i < 256; i++) {
    let crc = i
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    table[i] = crc
  }
  return table
}
