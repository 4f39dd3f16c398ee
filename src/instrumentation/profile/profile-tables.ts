// The tables of a linked profile as they fill: samples, spans and endpoints, frames and stacks.
import type { SpanReference, ThreadSamples } from '../../otlp/thread-profile.ts'
import type { LinkedProfile } from '../record-sink.ts'
import { endpointOf } from '../spans/endpoint.ts'
import type { SpanSlot } from '../spans/span-state.ts'
import type { CapturedNodes } from './profiler-backend.ts'
import type { CapturedStacks } from './stack-capture.ts'

export class SampleBuilder {
  readonly #stack: number[] = []
  readonly #time: number[] = []
  readonly #link: number[] = []
  readonly #endpoint: number[] = []

  push(stack: number, timeUnixUs: number, link: number, endpoint: number): void {
    this.#stack.push(stack)
    this.#time.push(timeUnixUs)
    this.#link.push(link)
    this.#endpoint.push(endpoint)
  }

  finish(): ThreadSamples {
    return {
      stack: Int32Array.from(this.#stack),
      timeUnixUs: Float64Array.from(this.#time),
      link: Int32Array.from(this.#link),
      endpoint: Int32Array.from(this.#endpoint)
    }
  }
}

/** Spans and endpoints, each once. An unsampled span has no link: nobody will ever receive it. */
export class LinkTable {
  readonly references: SpanReference[] = []
  readonly endpoints: string[] = []
  readonly #rowOfSlot = new Map<SpanSlot, number>()
  readonly #rowOfEndpoint = new Map<string, number>()

  linkOf(slot: SpanSlot | undefined): number {
    if (slot === undefined || (slot.flags & 1) === 0) return -1
    const known = this.#rowOfSlot.get(slot)
    if (known !== undefined) return known
    const row = this.references.push({ traceId: slot.traceId, spanId: slot.spanId, flags: slot.flags }) - 1
    this.#rowOfSlot.set(slot, row)
    return row
  }

  endpointOf(slot: SpanSlot | undefined): number {
    const endpoint = slot === undefined ? '' : endpointOf(slot.localRoot)
    if (endpoint === '') return -1
    const known = this.#rowOfEndpoint.get(endpoint)
    if (known !== undefined) return known
    const row = this.endpoints.push(endpoint) - 1
    this.#rowOfEndpoint.set(endpoint, row)
    return row
  }
}

type Tables = Pick<LinkedProfile, 'frames' | 'stacks'>

/** V8's nodes, then the stacks captured in JavaScript, over one table of frames. */
export function buildTables(nodes: CapturedNodes, stacks: CapturedStacks): Tables {
  const frames = new FrameTable()
  const sampled = nodes.parent.length
  const frame = new Int32Array(sampled + stacks.parent.length)
  const parent = new Int32Array(sampled + stacks.parent.length)
  for (let row = 0; row < sampled; row++) {
    const line = nodes.line[row]!
    frame[row] = frames.rowOf(nodes.functionName[row]!, nodes.url[row]!, line, nodes.column[row]!, line)
    parent[row] = nodes.parent[row]!
  }
  for (let row = 0; row < stacks.parent.length; row++) {
    const { functionName, url, line, column } = stacks
    frame[sampled + row] = frames.rowOf(functionName[row]!, url[row]!, line[row]!, column[row]!, 0)
    parent[sampled + row] = stacks.parent[row]! < 0 ? -1 : sampled + stacks.parent[row]!
  }
  return { frames: frames.finish(), stacks: { frame, parent } }
}

class FrameTable {
  readonly #functionName: string[] = []
  readonly #url: string[] = []
  readonly #line: number[] = []
  readonly #column: number[] = []
  readonly #startLine: number[] = []
  readonly #rows = new Map<string, Map<string, number>>()

  rowOf(functionName: string, url: string, line: number, column: number, startLine: number): number {
    let ofUrl = this.#rows.get(url)
    if (ofUrl === undefined) this.#rows.set(url, (ofUrl = new Map()))
    const key = `${line}:${column}:${startLine}:${functionName}`
    const known = ofUrl.get(key)
    if (known !== undefined) return known
    const row = this.#url.push(url) - 1
    this.#functionName.push(functionName)
    this.#line.push(line)
    this.#column.push(column)
    this.#startLine.push(startLine)
    ofUrl.set(key, row)
    return row
  }

  finish(): LinkedProfile['frames'] {
    return {
      functionName: this.#functionName,
      url: this.#url,
      line: Int32Array.from(this.#line),
      column: Int32Array.from(this.#column),
      startLine: Int32Array.from(this.#startLine)
    }
  }
}
