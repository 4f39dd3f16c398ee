import type { ThreadProfile } from '../../otlp/thread-profile.ts'
import { heapIntervalBytes, type HeapNodes } from './heap-sampler.ts'

export interface HeapProfileParts {
  /** 32 hex digits. */
  id: string
  threadId: number
  threadName: string
  startUnixUs: number
  endUnixUs: number
}

/** The heap at one moment, as a profile of what lives by where it was allocated. Pure. */
export function buildHeapProfile(nodes: HeapNodes, parts: HeapProfileParts): ThreadProfile {
  const rows = nodes.bytes.flatMap((bytes, row) => (bytes > 0 ? [row] : []))
  return {
    ...parts,
    intervalUs: 0,
    frames: {
      functionName: nodes.functionName,
      url: nodes.url,
      line: Int32Array.from(nodes.line),
      column: Int32Array.from(nodes.column),
      startLine: Int32Array.from(nodes.line)
    },
    stacks: { frame: Int32Array.from(nodes.parent.keys()), parent: Int32Array.from(nodes.parent) },
    links: [],
    endpoints: [],
    wall: noSamples(),
    logs: noSamples(),
    spanStarts: noSamples(),
    heap: {
      intervalBytes: heapIntervalBytes,
      stack: Int32Array.from(rows),
      timeUnixUs: new Float64Array(rows.length).fill(parts.endUnixUs),
      link: new Int32Array(rows.length).fill(-1),
      endpoint: new Int32Array(rows.length).fill(-1),
      value: Float64Array.from(rows, row => nodes.bytes[row]!)
    }
  }
}

function noSamples(): ThreadProfile['wall'] {
  return {
    stack: new Int32Array(),
    timeUnixUs: new Float64Array(),
    link: new Int32Array(),
    endpoint: new Int32Array()
  }
}
