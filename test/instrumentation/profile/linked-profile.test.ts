import { describe, expect, it } from 'vitest'
import { buildLinkedProfile, type ProfileParts } from '../../../src/instrumentation/profile/linked-profile.ts'
import type { StackMark } from '../../../src/instrumentation/profile/stack-mark.ts'
import type { SpanSlot } from '../../../src/instrumentation/spans/span-state.ts'
import type { CapturedStacks } from '../../../src/instrumentation/profile/stack-capture.ts'
import type { LinkedProfile } from '../../../src/instrumentation/record-sink.ts'

const noStacks: CapturedStacks = { functionName: [], url: [], line: [], column: [], parent: [] }
const request = slot('GET /cart', 'aaaaaaaaaaaaaaaa')
const child = { ...slot('query', 'bbbbbbbbbbbbbbbb'), localRoot: request }
const unsampled = { ...slot('GET /health', 'cccccccccccccccc'), flags: 0 }

describe('a sample belongs to the span that was active at its time', () => {
  it('from the change on, up to the next one', () => {
    const { profile } = build({
      samples: [
        [5, 'main'],
        [10, 'main/handler'],
        [19, 'main/handler'],
        [20, 'main/query'],
        [30, 'main']
      ],
      changes: [
        [10, request],
        [20, child],
        [30, undefined]
      ]
    })
    expect(described(profile)).toEqual([
      'main on no span',
      'main/handler on aaaaaaaaaaaaaaaa of GET /cart',
      'main/handler on aaaaaaaaaaaaaaaa of GET /cart',
      'main/query on bbbbbbbbbbbbbbbb of GET /cart',
      'main on no span'
    ])
  })

  it('but idle time belongs to none, and garbage collection to the one that was running', () => {
    const { profile } = build({
      samples: [
        [11, '(idle)'],
        [12, '(garbage collector)'],
        [13, '(program)']
      ],
      changes: [[10, request]]
    })
    expect(described(profile)).toEqual([
      '(idle) on no span',
      '(garbage collector) on aaaaaaaaaaaaaaaa of GET /cart',
      '(program) on aaaaaaaaaaaaaaaa of GET /cart'
    ])
  })

  it('which nobody will receive if it isn’t sampled: then only the endpoint is kept', () => {
    const { profile } = build({ samples: [[11, 'main/handler']], changes: [[10, unsampled]] })
    expect(described(profile)).toEqual(['main/handler on no span of GET /health'])
    expect(profile.links).toEqual([])
  })
})

describe('what runs in the context of a span that ended more than a second ago', () => {
  const second = 1_000_000
  const ended = (span: SpanSlot, endedUs: number): SpanSlot => ({ ...span, endedUs })

  it('is its own as long as a request may take to clean up', () => {
    const { profile } = build({ samples: [[second, 'main/log']], changes: [[10, ended(request, 20)]] })
    expect(described(profile)).toEqual(['main/log on aaaaaaaaaaaaaaaa of GET /cart'])
  })

  it('is the request’s that still runs', () => {
    const query = ended(child, 20)
    const { profile } = build({ samples: [[2 * second, 'main/render']], changes: [[10, query]] })
    expect(described(profile)).toEqual(['main/render on aaaaaaaaaaaaaaaa of GET /cart'])
  })

  it('is nobody’s once that is over, too: a connection kept open serves others', () => {
    const query = { ...ended(child, 20), localRoot: ended(request, 30) }
    const { profile } = build({ samples: [[2 * second, 'main/parse']], changes: [[10, query]] })
    expect(described(profile)).toEqual(['main/parse on no span'])
    expect(profile.links).toEqual([])
  })
})

describe('a stack that was asked for', () => {
  const log = (fromUs: number, uid: string, toUs = fromUs + 3): StackMark => mark('log', fromUs, toUs, uid)

  it('is found by its time and its shape, loses our frames, and is no timing sample', () => {
    const { profile, pending } = build({
      samples: [
        [10, 'main/handler'],
        [21, 'main/handler/own:log/own:mark/native'],
        [30, 'main/handler']
      ],
      marks: [{ ...log(20, 'uid-1'), slot: request }]
    })
    expect(described(profile, 'wall')).toHaveLength(2)
    expect(described(profile, 'logs')).toEqual(['main/handler on aaaaaaaaaaaaaaaa of GET /cart'])
    expect(profile.logs.uid).toEqual(['uid-1'])
    expect(pending).toEqual([])
  })

  it('isn’t taken for one of the sampler’s own that fell into the same window', () => {
    const { profile } = build({
      samples: [
        [20, 'main/handler/own:log/own:mark'],
        [21, 'main/handler/own:log/own:mark/(garbage collector)'],
        [22, 'main/handler/own:log/own:mark/native'],
        [23, 'main/handler/own:log/own:mark/native']
      ],
      marks: [log(20, 'uid-1')]
    })
    expect(profile.logs.uid).toEqual(['uid-1'])
    expect(profile.wall.stack).toHaveLength(3)
  })

  it('keeps the order of two calls in the same microsecond', () => {
    const { profile } = build({
      samples: [
        [20, 'main/first/own:mark/native'],
        [20, 'main/second/own:mark/native']
      ],
      marks: [log(20, 'uid-1', 20.4), log(20.5, 'uid-2', 20.9)]
    })
    expect(described(profile, 'logs')).toEqual(['main/first on no span', 'main/second on no span'])
    expect(profile.logs.uid).toEqual(['uid-1', 'uid-2'])
  })

  it('waits for the next profile where V8 hasn’t worked it off yet, and is given up where it never came', () => {
    const lost = log(10, 'lost')
    const late = log(40, 'late')
    const first = build({ samples: [[30, 'main']], marks: [lost, late] })
    expect(first.profile.logs.uid).toEqual([])
    expect(first.pending).toEqual([late])
    const second = build({ samples: [[41, 'main/handler/own:mark/native']], marks: first.pending })
    expect(second.profile.logs.uid).toEqual(['late'])
  })

  it('that was captured in JavaScript comes with the lines of its calls, below our frames', () => {
    const stacks: CapturedStacks = {
      functionName: ['main', 'handler', 'log'],
      url: ['/app.js', '/app.js', '/own.js'],
      line: [4, 17, 99],
      column: [2, 9, 1],
      parent: [-1, 0, 1]
    }
    const { profile } = build({ samples: [[10, 'main']], marks: [{ ...log(12, 'uid-1'), stack: 2 }], stacks })
    expect(described(profile, 'logs')).toEqual(['main/handler on no span'])
    const frame = profile.stacks.frame[profile.logs.stack[0]!]!
    expect([
      profile.frames.line[frame],
      profile.frames.column[frame],
      profile.frames.startLine[frame]
    ]).toEqual([17, 9, 0])
  })

  it('at the start of a span is linked to the span that started', () => {
    const { profile } = build({
      samples: [[21, 'main/handler/own:mark/native']],
      marks: [{ ...mark('span-start', 20, 23, ''), slot: child }],
      changes: [[5, request]]
    })
    expect(described(profile, 'spanStarts')).toEqual(['main/handler on bbbbbbbbbbbbbbbb of GET /cart'])
  })

  it('at the start of many spans of one name that ended is told once, with how many they were', () => {
    const ended = (spanId: string, finalName: string) => ({ ...child, spanId, finalName })
    const starts: [name: string, path: number, count: number, stack: string][] = [
      ['query', 7, 1, 'main/handler/own:mark/native'],
      ['load', 7, 20, 'main/handler/own:mark/native'],
      ['load', 8, 1, 'main/own:mark/native'],
      ['', 7, 20, 'main/handler/own:mark/native'],
      ['seldom', 7, 19, 'main/handler/own:mark/native'],
      ['query', 7, 19, 'main/node:run/handler/own:mark/native']
    ]
    const { profile } = build({
      samples: starts.map(([, , , stack], i) => [i * 10, stack]),
      marks: starts.map(([name, path, count], i) => ({
        ...mark('span-start', i * 10 - 1, i * 10 + 1, ''),
        slot: ended(`${i}`.padStart(16, '0'), name),
        start: { path, count }
      }))
    })
    const { spanName, value } = profile.spanStarts
    expect(described(profile, 'spanStarts').map((told, i) => [told, spanName![i], value![i]])).toEqual([
      ['main/handler on no span', 'query', 20],
      ['main/handler on 0000000000000001 of GET /cart', '', 1],
      ['main on 0000000000000002 of GET /cart', '', 1],
      ['main/handler on 0000000000000003 of GET /cart', '', 1],
      ['main/handler on 0000000000000004 of GET /cart', '', 1]
    ])
  })

  it('at the start of a span is kept for all spans that lasted or still run, and for fifty short ones', () => {
    const durations = Array.from({ length: 300 }, (_, i) => [9_000, 10_000, undefined][i % 3])
    const { profile } = build({
      samples: durations.map((_, i) => [i * 10, 'main/handler/own:mark/native']),
      marks: durations.map((durationUs, i) => ({
        ...mark('span-start', i * 10 - 1, i * 10 + 1, ''),
        slot: { ...child, spanId: i.toString(16).padStart(16, '0'), durationUs }
      }))
    })
    const kept = Array.from(profile.spanStarts.link, link => parseInt(profile.links[link]!.spanId, 16))
    expect(kept.filter(i => durations[i] === 9_000)).toHaveLength(50)
    expect(kept.filter(i => durations[i] !== 9_000)).toHaveLength(200)
    expect(profile.wall.stack).toHaveLength(0)
  })
})

describe('frames of ours', () => {
  it('that only wrap the program’s calls leave its stacks', () => {
    const { profile } = build({
      samples: [
        [10, 'main/own:with/run/own:wrapped/own:noted/handler'],
        [20, 'main/run/handler'],
        [30, 'own:with/run']
      ]
    })
    expect(described(profile)).toEqual([
      'main/run/handler on no span',
      'main/run/handler on no span',
      'run on no span'
    ])
  })

  it('stay at the end of a stack: the time is our cost', () => {
    const { profile } = build({
      samples: [
        [10, 'main/own:with/own:enter'],
        [20, 'main/own:with'],
        [30, 'main/own:with/native'],
        [40, 'main/own:with/run/native']
      ]
    })
    expect(described(profile)).toEqual([
      'main/own:enter on no span',
      'main/own:with on no span',
      'main/own:with/native on no span',
      'main/run/native on no span'
    ])
  })

  it('leave the stacks that were asked for, at their end and in between', () => {
    const { profile } = build({
      samples: [[21, 'main/own:with/handler/own:log/own:mark/native']],
      marks: [mark('log', 20, 23, 'uid-1')]
    })
    expect(described(profile, 'logs')).toEqual(['main/handler on no span'])
    const stacks: CapturedStacks = {
      functionName: ['main', 'with', 'handler', 'log'],
      url: ['/app.js', '/own.js', '/app.js', '/own.js'],
      line: [4, 50, 17, 99],
      column: [2, 5, 9, 1],
      parent: [-1, 0, 1, 2]
    }
    const captured = build({ samples: [], marks: [{ ...mark('log', 12, 12, 'uid-1'), stack: 3 }], stacks })
    expect(described(captured.profile, 'logs')).toEqual(['main/handler on no span'])
  })
})

it('takes every captured sample into the profile, or as a stack that was asked for', () => {
  const samples = Array.from({ length: 100 }, (_, i): [number, string] => [
    i * 10,
    i % 10 === 0 ? 'main/own:mark/native' : 'main/work'
  ])
  const marks = samples
    .filter(([, stack]) => stack.endsWith('native'))
    .map(([time]) => mark('log', time - 1, time + 1, `${time}`))
  const { profile } = build({ samples, marks })
  expect(profile.wall.stack.length + profile.logs.stack.length).toBe(100)
  expect(profile.logs.stack).toHaveLength(10)
})

interface Drawn {
  /** Time in µs, and the stack from its root; frames `own:x` are ours, `node:x` Node's, `native` and `(x)` have no file. */
  samples: [number, string][]
  changes?: [number, SpanSlot | undefined][]
  marks?: StackMark[]
  stacks?: CapturedStacks
}

function build({ samples, changes = [], marks = [], stacks = noStacks }: Drawn) {
  const nodes: ProfileParts['captured']['nodes'] = {
    functionName: ['(root)'],
    url: [''],
    line: [0],
    column: [0],
    parent: [-1]
  }
  const rows = new Map<string, number>()
  const rowOf = (path: string): number => {
    const known = rows.get(path)
    if (known !== undefined) return known
    const cut = path.lastIndexOf('/')
    const parent = cut < 0 ? 0 : rowOf(path.slice(0, cut))
    const name = path.slice(cut + 1)
    const isNative = name === 'native' || name.startsWith('(')
    nodes.functionName.push(name)
    const isNodes = name.startsWith('node:')
    nodes.url.push(isNative ? '' : isNodes ? name : name.startsWith('own:') ? '/own.js' : '/app.js')
    nodes.line.push(isNative ? 0 : 1)
    nodes.column.push(isNative ? 0 : 1)
    const row = nodes.parent.push(parent) - 1
    rows.set(path, row)
    return row
  }
  return buildLinkedProfile({
    captured: {
      nodes,
      samples: Int32Array.from(samples, ([, path]) => rowOf(path)),
      monotonicUs: Float64Array.from(samples, ([time]) => time)
    },
    changes: {
      timesUs: Float64Array.from(changes, ([time]) => time),
      slots: changes.map(([, active]) => active),
      length: changes.length
    },
    marks,
    stacks,
    isOwnFrame: (_name, url) => url === '/own.js',
    toUnixUs: time => time,
    id: '00112233445566778899aabbccddeeff',
    threadId: 0,
    threadName: 'main',
    intervalUs: 10_000,
    fromUs: 0,
    toUs: 1000
  })
}

function mark(kind: StackMark['kind'], fromUs: number, toUs: number, uid: string): StackMark {
  return { kind, fromUs, toUs, uid, slot: undefined, stack: -1 }
}

function slot(endpoint: string, spanId: string): SpanSlot {
  const made = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId,
    flags: 1,
    endpoint,
    hasRoute: false,
    path: '',
    endedUs: Infinity,
    finalName: ''
  } as SpanSlot
  made.localRoot = made
  return made
}

function described(profile: LinkedProfile, kind: 'wall' | 'logs' | 'spanStarts' = 'wall'): string[] {
  const { stack, link, endpoint } = profile[kind]
  return Array.from(stack, (leaf, i) => {
    const names: string[] = []
    for (let row = leaf; row >= 0; row = profile.stacks.parent[row]!) {
      names.unshift(profile.frames.functionName[profile.stacks.frame[row]!]!)
    }
    const span = profile.links[link[i]!]?.spanId ?? 'no span'
    const of = profile.endpoints[endpoint[i]!]
    return `${names.filter(name => name !== '(root)').join('/')} on ${span}${of === undefined ? '' : ` of ${of}`}`
  })
}
