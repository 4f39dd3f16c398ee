// Mirrors encode/rollups.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import { usualNodes } from '../../recording/call-nodes.ts'
import type { StackCounts } from '../../recording/stack-counts.ts'
import type { RolledCurve, StatusRollup } from '../../recording/status-rollup.ts'
import { limits } from '../layout.ts'
import { decodeNumbers } from './numbers.ts'

export function decodeStackCounts(reader: ByteReader, count: number): StackCounts {
  const texts = Array.from({ length: reader.count() }, () => reader.text())
  const textColumn = (rows: number): string[] =>
    Array.from(integers(reader, rows, 0, texts.length), row => texts[row]!)
  const frameCount = rowCount(reader.varint())
  const name = textColumn(frameCount)
  const url = textColumn(frameCount)
  const line = integers(reader, frameCount, 0, Infinity)
  const nodeCount = rowCount(reader.varint())
  const frame = integers(reader, nodeCount, 0, frameCount)
  const parent = integers(reader, nodeCount, 1, Infinity).map((distance, node) => node - distance)
  check(parent.every(row => row >= -1))
  const endpoints = textColumn(rowCount(reader.varint()))
  const rows = rowCount(count)
  const endpoint = integers(reader, rows, 0, endpoints.length)
  const node = integers(reader, rows, 0, nodeCount)
  const samples = integers(reader, rows, 0, Infinity)
  return Object.freeze({
    frames: { name, url, line: Array.from(line) },
    nodes: { frame: Int32Array.from(frame), parent: Int32Array.from(parent) },
    truncated: nodeCount >= usualNodes,
    endpoints,
    endpoint: Int32Array.from(endpoint),
    node: Int32Array.from(node),
    samples: Uint32Array.from(samples),
    self: numbers(reader, rows)
  })
}

export function decodeStatusRollup(reader: ByteReader, count: number): StatusRollup {
  const stepMs = reader.varint()
  let left: number = limits.rows
  const curves = Array.from({ length: count }, (): RolledCurve => {
    const metric = reader.text()
    const rows = reader.varint()
    // Of all curves together: rows that are all alike take no bytes.
    check(rows <= left)
    left -= rows
    const [time, min, mean, max] = [0, 1, 2, 3].map(() => numbers(reader, rows))
    return Object.freeze({ metric, time: time!, min: min!, mean: mean!, max: max! })
  })
  return Object.freeze({ stepMs, curves })
}

function numbers(reader: ByteReader, rows: number): Float64Array {
  const column = new Float64Array(rows)
  decodeNumbers(reader, column)
  return column
}

/** Whole numbers from `from` up to, not including, `end`. */
function integers(reader: ByteReader, rows: number, from: number, end: number): Float64Array {
  const column = numbers(reader, rows)
  check(column.every(cell => Number.isInteger(cell) && cell >= from && cell < end))
  return column
}

function rowCount(rows: number): number {
  check(rows <= limits.rows)
  return rows
}

function check(holds: boolean): void {
  if (!holds) throw new MicrologError('corrupt', 'Expected rows of a rollup that refer to each other')
}
