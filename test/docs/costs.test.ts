// The README's figures are those of the last benchmarks.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const results = read('benchmark/results.md')
const costs = read('README.md').split('## What it costs')[1]!.split('\n## ')[0]!

/** The numbers of the first row that begins so, cell by cell. */
function rowOf(markdown: string, name: string): number[][] {
  const line = markdown.split('\n').find(text => text.startsWith(`| ${name} `))
  if (line === undefined) throw new Error(`no row ${name}`)
  const cells = line.slice(line.indexOf('|', name.length) + 1).split('|')
  return cells.map(cell => Array.from(cell.replace(/[*,+]/g, '').matchAll(/[−-]?\d+(?:\.\d+)?/g), toNumber))
}

function toNumber([text]: RegExpMatchArray): number {
  return Number(text.replace('−', '-'))
}

const measured = (name: string, cell: number, at = 0): number => rowOf(results, name)[cell]![at]!
const overheads = results.split('## Cost of recording').slice(1)
const linking = '**Microlog, linking**'
const datadog = '@datadog/pprof with contexts'
const again = 'tracing only, again'
const [computing, handler, longHandler] = [1, 2, 3]
/** Of the main thread, on each Node. */
const overhead = (what: number, ...names: string[]): number[] =>
  names.flatMap(name => overheads.map(section => rowOf(section, name)[what]![0]!))

test.each<[row: string, figures: number[], digits: number]>([
  [
    'a span of a small shop, as it comes',
    [measured('span (shop, 5k), as sealed', 2), measured('span (shop, 5k), as sealed', 4)],
    1
  ],
  [
    'a span of 100,000, as compacted',
    [measured('span (shop, compacted)', 2), measured('span (shop, compacted)', 4)],
    1
  ],
  [
    'a log record, beside the span it names',
    [2, 4].map(cell => measured('log (shop), beside the span it names', cell)),
    1
  ],
  ['a stack sample at 1 ms', [measured('sample (http-1ms, 1 µs)', 2)], 2],
  ['a stack sample at 1 ms', [measured('sample (http-1ms, 1 µs)', 4)], 1],
  ['CPU of the main thread, computing', overhead(computing, linking, datadog), 1],
  ['… in a handler of 200 µs', overhead(handler, linking, datadog), 1],
  ['… in a handler of 2 ms, which logs two lines', overhead(longHandler, linking, datadog), 1],
  [
    '… the same without Microlog, once more: the noise',
    [computing, handler, longHandler].flatMap(what => overhead(what, again)),
    1
  ],
  ['a log call with its stack, 30 frames', [measured('30', 1), measured('30', 3)], 0],
  [
    'a program that prints one line: CPU of all threads',
    [
      measured('**Microlog, without traces**', 1),
      measured('**Microlog, with the OpenTelemetry SDK**', 1),
      measured('dd-trace, its profiler on', 1)
    ],
    0
  ],
  ['resident memory after 1,000,000 requests', [measured('**more with Microlog**', 2)], 0],
  [
    'profiles of a busy minute at 10 ms, links to spans in',
    [measured('Microlog, profiles', 2), measured('@datadog/pprof with trace id, span id and times of', 2)],
    0
  ]
])('what is said of %s was measured: %j', (row, figures, digits) => {
  const told = rowOf(costs, row).flat()
  expect(told).toEqual(expect.arrayContaining(figures.map(figure => Number(figure.toFixed(digits)))))
})

test('what all threads take is what was measured on Node 20', () => {
  const told = /all threads take is in the results, too: ([\d.]+), ([\d.]+) and ([\d.]+) %/.exec(costs)
  const figures = [computing, handler, longHandler].map(what => rowOf(overheads[0]!, linking)[what]![1])
  expect(told?.slice(1).map(Number)).toEqual(figures)
})
