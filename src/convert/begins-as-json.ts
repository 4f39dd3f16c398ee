/** As many bytes as tell: a message of OTLP that begins like JSON has one of 123 bytes first, with fields in it. */
const decisive = 128

/**
 * Whether a file without a byte order mark is an object of JSON, behind blanks or not, by its first bytes. A message of
 * protobuf may begin like one ("\n{" is field 1 with 123 bytes), and so may lengths before messages; these have control
 * characters in them, which JSON never has but for its blanks.
 */
export function beginsAsJson(bytes: Uint8Array): boolean {
  let at = 0
  while (isBlank(bytes[at])) at++
  if (bytes[at] !== 0x7b) return false
  return bytes.subarray(at, at + decisive).every(byte => byte >= 0x20 || isBlank(byte))
}

/** What may stand between the values of JSON. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
}
