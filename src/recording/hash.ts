// Mixing for hash indexes: murmur3's 32-bit rounds, over the bits of doubles. What is mixed comes from outside, so the
// start and the factors are drawn anew in each process: nobody can send numbers that all fall into one place.

/** What every hash starts from. */
export const hashSeed = randomBits() | 0
const firstFactor = randomOdd()
const secondFactor = randomOdd()

const double = new Float64Array(1)
const halves = new Int32Array(double.buffer)

/** Mixes a 32-bit integer into a hash. */
export function mixInteger(hash: number, value: number): number {
  let k = Math.imul(value, firstFactor)
  k = (k << 15) | (k >>> 17)
  const h = hash ^ Math.imul(k, secondFactor)
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
}

/** Mixes any number into a hash; 0 and -0 differ. */
export function mixNumber(hash: number, value: number): number {
  const integer = value | 0
  if (integer === value && integer !== 0) return mixInteger(hash, integer)
  double[0] = value
  return mixInteger(mixInteger(hash, halves[0]!), halves[1]!)
}

/** Spreads a hash over all its bits, unsigned. */
export function finishHash(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

function randomBits(): number {
  return Math.floor(Math.random() * 2 ** 32)
}

/** Odd, so that it loses nothing, and large, so that it moves all bits. */
function randomOdd(): number {
  return (randomBits() & 0x3fffffff) | 0x40000001
}
