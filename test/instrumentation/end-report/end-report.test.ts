import { expect, test } from 'vitest'
import type { HeapNodes } from '../../../src/instrumentation/heap/heap-sampler.ts'
import { largestGrowth } from '../../../src/instrumentation/end-report/heap-growth.ts'
import { moreSince, openedSince } from '../../../src/instrumentation/end-report/open-files.ts'
import { createOtlpReceiver, type OtlpReceiver, type ReceivedLog } from '../../helpers/otlp-receiver.ts'
import { programPath, registerUrl, runNode } from '../../helpers/run-node.ts'

async function recorded(
  program: string,
  args: string[],
  env: Record<string, string> = {}
): Promise<{ reports: ReceivedLog[]; profiles: OtlpReceiver['profiles'] }> {
  const receiver = await createOtlpReceiver()
  const ended = await runNode(['--expose-gc', '--import', registerUrl, programPath(program), ...args], {
    MICROLOG_OTLP_URL: receiver.url,
    OTEL_SDK_DISABLED: 'true',
    ...env
  })
  expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' })
  await receiver.close()
  const reports = receiver.ownEntries.filter(({ eventName }) => eventName === 'microlog.report')
  return { reports, profiles: receiver.profiles }
}

test('the report names what the program kept: by allocation site, open files, active handles, and its collections', async () => {
  const { reports, profiles } = await recorded('grows.mjs', ['keep'])
  expect(reports).toHaveLength(1)
  const [{ body, severity, attributes }] = reports as [ReceivedLog]
  expect(severity).toBe('INFO')
  expect(body).toMatch(/^ {2}\+ [\d.]+ MB by keepMany \(\/.*grows\.mjs:\d+\)$/m)
  expect(attributes['microlog.heap.sites']).toEqual([expect.stringContaining('MB by keepMany (')])
  expect(body).toMatch(/^Files still open:\n {2}\/.*grows\.mjs$/m)
  expect(attributes['microlog.open.files']).toHaveLength(1)
  expect(body).toMatch(/^Still active: .*1 TCPServerWrap/m)
  expect(body).not.toContain('dropMany')
  expect(profiles.filter(({ type }) => type === 'heap')).toEqual([])
}, 30_000)

test('with nothing to say it is calm: the collections, the heap, and no more', async () => {
  const { reports } = await recorded('grows.mjs', [])
  const lines = reports.flatMap(({ body }) => body.split('\n'))
  expect(lines[1]).toMatch(/^Garbage collection: (\d+ times|once), .* % of /)
  const others = lines.filter(
    line => !/^( {2}(minor|major|incremental|weakcb):|Garbage collection:)/.test(line)
  )
  expect(others).toEqual([
    'At the end',
    expect.stringMatching(/^Heap in use: .* MB at the end, .* MB at the start$/)
  ])
}, 30_000)

test('asked for, the heap comes as a profile of bytes; told not to, nobody looks at it', async () => {
  const [asked, declined] = await Promise.all([
    recorded('grows.mjs', ['keep'], { MICROLOG_HEAP: 'true' }),
    recorded('grows.mjs', ['keep'], { MICROLOG_HEAP: 'false' })
  ])
  const heap = asked.profiles.filter(({ type }) => type === 'heap')
  expect(heap).toHaveLength(1)
  expect(heap[0]!.strings).toContain('keepMany')
  expect(asked.reports[0]!.body).toContain('keepMany')
  expect(declined.reports[0]!.body).not.toContain('keepMany')
}, 30_000)

test('a range that took its time has a report, a short one none', async () => {
  const { reports } = await recorded('long-range.mjs', [])
  expect(reports.map(({ body }) => body.split('\n')[0])).toEqual(['At the end of long', 'At the end'])
}, 30_000)

/** Bytes by path, outermost first; names with a dot are files' own functions. */
function nodesOf(bytes: Record<string, number>): HeapNodes {
  const nodes: HeapNodes = { functionName: [], url: [], line: [], column: [], parent: [], bytes: [] }
  const rows = new Map<string, number>()
  for (const [path, size] of Object.entries(bytes)) {
    let row = -1
    let key = ''
    for (const name of path.split(' > ')) {
      key += ` > ${name}`
      let known = rows.get(key)
      if (known === undefined) {
        known = nodes.parent.push(row) - 1
        nodes.functionName.push(name)
        nodes.url.push(name.startsWith('node:') ? name : name.startsWith('(') ? '' : `file:///${name}.js`)
        nodes.line.push(1)
        nodes.column.push(1)
        nodes.bytes.push(0)
        rows.set(key, known)
      }
      row = known
    }
    nodes.bytes[row]! += size
  }
  return nodes
}

test('what Node and V8 allocate counts for the function that called them; ours and little are left out', () => {
  const nodes = nodesOf({
    '(root) > main > load': 2e6,
    '(root) > main > load > node:fs > (native)': 3e6,
    '(root) > main': 0.9e6,
    '(root) > microlog': 9e6,
    '(root)': 9e6,
    '(root) > other > load': 4e6
  })
  expect(
    largestGrowth(nodes, url => url.includes('microlog')).map(({ functionName, bytes }) => [
      functionName,
      bytes
    ])
  ).toEqual([['load', 9e6]])
})

test('only what was opened since counts as still open', () => {
  const start = new Map([
    ['1', '/log'],
    ['20', '/db']
  ])
  const end = new Map([
    ['1', '/log'],
    ['20', '/other'],
    ['21', '/log']
  ])
  expect(openedSince(start, end)).toEqual(['/log', '/other'])
  expect([...moreSince(['Timeout', 'PipeWrap'], ['Timeout', 'Timeout', 'TCPServerWrap', 'Timeout'])]).toEqual(
    [
      ['Timeout', 2],
      ['TCPServerWrap', 1]
    ]
  )
})
