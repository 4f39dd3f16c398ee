// Numbers made to fall into one slot of an index that hashes as murmur3 does from a seed of 0.
import { describe, expect, test } from 'vitest'
import { AttributeBuilder } from '../../src/recording/attribute-builder.ts'
import { GrowingTable } from '../../src/recording/growing-table.ts'
import { attributeType } from '../../src/recording/schema.ts'

const rows = 4000
/** A row takes one probe where its slot is free; an index that is half full takes about two more to find a free one. */
const fair = 4 * rows

describe('rows made to collide where the seed is known', () => {
  test('as attribute sets take as few probes as any others', () => {
    const sets = new AttributeBuilder()
    for (const value of collidingIntegers(mix(1, 7 * 8 + attributeType.int))) {
      sets.add(7, attributeType.int, value)
      sets.close()
    }
    expect(sets.length).toBe(1 + rows)
    expect(sets.probes).toBeLessThan(fair)
  })

  test('as rows of a table take as few probes as any others', () => {
    const threads = new GrowingTable('threads')
    // The last column is mixed last: what comes before it is the same in each row.
    for (const value of collidingIntegers(mix(mix(0, 1), 2)))
      threads.intern({ id: 1, name: 2, resource: value })
    expect(threads.length).toBe(rows)
    expect(threads.probes).toBeLessThan(fair)
  })

  test('are really made so', () => {
    const slots = new Set(collidingIntegers(99).map(value => finish(mix(99, value)) & 0xffff))
    expect(slots.size).toBe(1)
  })
})

/** Different integers whose hashes, when mixed into this one, end in the same 16 bits. */
function collidingIntegers(before: number): number[] {
  return Array.from({ length: rows }, (_, i) => unmix(before, unfinish(((i + 1) << 16) | 0x1234)))
}

function mix(hash: number, value: number): number {
  const h = hash ^ Math.imul(rotate(Math.imul(value, 0xcc9e2d51), 15), 0x1b873593)
  return (Math.imul(rotate(h, 13), 5) + 0xe6546b64) | 0
}

function unmix(before: number, after: number): number {
  const h = rotate(Math.imul(after - 0xe6546b64, inverse(5)), 19)
  return Math.imul(rotate(Math.imul(h ^ before, inverse(0x1b873593)), 17), inverse(0xcc9e2d51))
}

function finish(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function unfinish(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), inverse(0xc2b2ae35))
  h = Math.imul(h ^ (h >>> 13) ^ (h >>> 26), inverse(0x85ebca6b))
  return h ^ (h >>> 16)
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

/** Of an odd factor, modulo 2^32: each step of Newton's doubles the bits that are right. */
function inverse(factor: number): number {
  let found = factor
  for (let step = 0; step < 5; step++) found = Math.imul(found, 2 - Math.imul(factor, found))
  return found
}
