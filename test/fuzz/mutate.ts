import type { Random } from '../helpers/random.ts'

/** What readers get wrong: lengths and counts at the edges of their types. */
const edges = [
  0, 1, 2, 7, 8, 0x0a, 0x12, 0x22, 0x2c, 0x30, 0x5b, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xc0, 0xfe, 0xff
]

/** A changed copy: bytes overwritten, taken out, put in, repeated, cut off, or taken from another input. */
export function mutate(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let changed = Uint8Array.from(bytes)
  for (let step = 1 + random.below(5); step > 0 && changed.length > 0; step--) changed = mutateOnce()
  return changed

  function mutateOnce(): Uint8Array<ArrayBuffer> {
    const at = random.below(changed.length)
    const length = 1 + random.below(Math.min(64, changed.length - at))
    switch (random.below(8)) {
      case 0:
        changed[at] = random.below(256)
        return changed
      case 1:
        changed[at]! ^= 1 << random.below(8)
        return changed
      case 2:
        return changed.fill(random.pick(edges), at, at + length)
      case 3:
        return joined(changed.subarray(0, at), changed.subarray(at + length))
      case 4:
        return joined(changed.subarray(0, at + length), changed.subarray(at))
      case 5:
        return joined(
          changed.subarray(0, at),
          Uint8Array.from({ length }, () => random.pick(edges)),
          changed.subarray(at)
        )
      case 6:
        return joined(changed.subarray(0, at), other.subarray(random.below(other.length + 1)))
      default:
        return changed.slice(0, at)
    }
  }
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
