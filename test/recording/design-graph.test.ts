import { describe, expect, test } from 'vitest'
import { buildCodeParts, codePartsOf } from '../../src/recording/code-parts.ts'
import { buildDesignGraph, sumFunctions } from '../../src/recording/design-graph.ts'
import type { DesignGraph } from '../../src/recording/design-graph.ts'
import { nearOwners } from '../../src/recording/near-owners.ts'
import { mostNodes } from '../../src/recording/part-cut.ts'
import type { CutChoice } from '../../src/recording/part-cut.ts'
import { searchOfPart } from '../../src/recording/part-search.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { frameTexts } from '../../src/recording/search.ts'
import { sumStacks, weighedThreads, weighThreads } from '../../src/recording/stack-weights.ts'
import type { TimeRange } from '../../src/recording/time-range.ts'
import { builderFromText, recordingFromText } from '../helpers/recording-from-text.ts'

const shop = recordingFromText(`
  0ms                             1ms                             2ms                             3ms         4ms
  (root)                          (root)                          (root)                          (root)      (root)
  run@node:net                    run@node:net                    run@node:net                    (program)   (idle)
  route@/shop/web/app.js          route@/shop/web/app.js          route@/shop/web/app.js
  Cart.add@/shop/web/cart.js      Cart.add@/shop/web/cart.js      query@/node_modules/pg/client.js
  price@/shop/stock/price.js      price@/shop/stock/price.js      write@node:net
  test@                           Cart.sum@/shop/web/cart.js
                                  price@/shop/stock/price.js
`)
const files: CutChoice = { level: 'files', open: new Set(), hide: 'nothing' }

function graphOf(recording: Recording, choice: Partial<CutChoice> = {}, range?: TimeRange): DesignGraph {
  const weights = sumStacks(recording, weighThreads(recording), range)
  return buildDesignGraph(recording, buildCodeParts(recording), weights, { ...files, ...choice })
}
const ms = (nanos: number): number => nanos / 1e6
/** 'name self/total ms, samples' */
const nodesOf = ({ nodes }: DesignGraph): string[] =>
  nodes.map(({ name, self, total, samples }) => `${name} ${ms(self)}/${ms(total)} ${samples}`)
const edgesOf = ({ nodes, edges }: DesignGraph): string[] =>
  edges.map(
    ({ from, to, total, samples }) => `${nodes[from]!.name} > ${nodes[to]!.name} ${ms(total)} ${samples}`
  )

describe('how the parts of a program call each other', () => {
  test('classes and files are nodes of their own, a package is one, and so are Node and V8', () => {
    expect(nodesOf(graphOf(shop))).toEqual([
      'node 2/4 4',
      'web/app.js 0/3 3',
      'stock/price.js 2/2 2',
      'Cart 0/2 2',
      'pg 0/1 1'
    ])
  })

  test('an edge is what the callee took for its caller; recursion counts once in a stack', () => {
    expect(edgesOf(graphOf(shop))).toEqual([
      'node > web/app.js 3 3',
      'web/app.js > Cart 2 2',
      'Cart > stock/price.js 2 2',
      'web/app.js > pg 1 1',
      'stock/price.js > Cart 1 1',
      'pg > node 1 1'
    ])
  })

  test('what is hidden leaves its time and its calls to its callers', () => {
    const graph = graphOf(shop, { hide: 'others' })
    expect(nodesOf(graph)).toEqual(['web/app.js 1/3 3', 'stock/price.js 2/2 2', 'Cart 0/2 2'])
    expect(graph.busy).toBe(3e6)
    expect(nodesOf(graphOf(shop, { hide: 'node' }))).toContain('pg 1/1 1')
  })

  test('packages right beside the program’s own code stay, what they call of others is counted for them', () => {
    const recording = recordingFromText(`
      0ms                               1ms                              2ms
      emit@node:events                  main@/shop/app.js                load@/node_modules/alone/x.js
      handle@/node_modules/router/r.js  emit@node:events
      buy@/shop/app.js                  query@/node_modules/pg/client.js
                                        parse@/node_modules/pg-types/t.js
    `)
    const code = buildCodeParts(recording)
    const weights = sumStacks(recording, weighThreads(recording))
    const { near, far } = nearOwners(recording, code, weights)!
    expect([...near].sort()).toEqual(['pg', 'router'])
    expect(far).toBe(2)
    expect(nodesOf(graphOf(recording, { hide: near }))).toEqual([
      'shop/app.js 1/2 2',
      'pg 1/1 1',
      'router 0/1 1'
    ])
    const early = sumStacks(recording, weighThreads(recording), { from: 0, to: 0.5e6 })
    expect(nearOwners(recording, code, early)).toEqual({ near: new Set(['router']), far: 0 })
  })

  test('a program that lies in the recorder’s own package is no part of it, whichever is seen first', () => {
    for (const order of [
      ['main@/clone/examples/app.js', 'record@/clone/src/recorder.ts'],
      ['record@/clone/src/recorder.ts', 'main@/clone/examples/app.js']
    ]) {
      const builder = builderFromText(`0ms\n${order.join('\n')}`)
      const id = builder.strings.intern('microlog@0.1.0')
      const snapshot = builder.snapshot()
      const packageId = snapshot.frames.packageId.map(() => id)
      const recording = { ...snapshot, frames: { ...snapshot.frames, packageId } }
      expect(
        graphOf(recording, { hide: 'node' })
          .nodes.map(({ name }) => name)
          .sort()
      ).toEqual(['examples/app.js', 'microlog@0.1.0'])
    }
  })

  test('nothing is beside a program that wasn’t seen', () => {
    const recording = recordingFromText('0ms\nload@/node_modules/alone/x.js')
    const weights = sumStacks(recording, weighThreads(recording))
    expect(nearOwners(recording, buildCodeParts(recording), weights)).toBeUndefined()
  })

  test('folders and packages are coarser; what is opened shows what is in it', () => {
    expect(nodesOf(graphOf(shop, { level: 'folders' }))).toEqual([
      'node 2/4 4',
      'shop/web/ 0/3 3',
      'shop/stock/ 2/2 2',
      'pg 0/1 1'
    ])
    expect(edgesOf(graphOf(shop, { level: 'packages' }))).toEqual([
      'node > program 3 3',
      'program > pg 1 1',
      'pg > node 1 1'
    ])
    const opened = graphOf(shop, {
      open: new Set(['class:file:///shop/web/cart.js#Cart', 'package:pg'])
    })
    expect(edgesOf(opened)).toContain('stock/price.js > Cart.sum 1 1')
    expect(edgesOf(opened)).toContain('web/app.js > client.js 1 1')
  })

  test('only the samples in the range count', () => {
    expect(nodesOf(graphOf(shop, {}, { from: 2e6, to: 3e6 }))).toEqual([
      'node 1/1 1',
      'web/app.js 0/1 1',
      'pg 0/1 1'
    ])
    expect(nodesOf(graphOf(shop, {}, { from: 4e6, to: 9e6 }))).toEqual([])
  })

  test('functions that aren’t in any file are one node where no file called them', () => {
    const imported = recordingFromText(`
      0ms    1ms
      main@  main@
             load@
    `)
    expect(nodesOf(graphOf(imported))).toEqual(['no file 2/2 2'])
    const opened = graphOf(imported, { open: new Set(['package:no file']) })
    expect(edgesOf(opened)).toEqual(['main > load 1 1'])
  })

  test('a function has its own times, with what it called that has no file', () => {
    const code = buildCodeParts(shop)
    const { self, total, samples } = sumFunctions(shop, code, sumStacks(shop, weighThreads(shop)))
    const row = code.parts.findIndex(({ kind, name }) => kind === 'function' && name === 'price')
    expect([ms(self[row]!), ms(total[row]!), samples[row]!]).toEqual([2, 2, 2])
  })
})

describe('more parts than a picture can hold', () => {
  const count = 100
  const cells = Array.from({ length: count }, (_, i) => `f${i}@/app/${i < 90 ? 'a' : `b${i}`}/f${i}.js`)
  // One sample each, but for the first 20, which have three.
  const columns = cells.flatMap((cell, i) => Array<string>(i < 20 ? 3 : 1).fill(cell))
  const recording = recordingFromText(
    [
      columns.map((_, i) => `${i}ms`.padEnd(40)),
      columns.map(() => 'main@/app/main.js'.padEnd(40)),
      columns.map(cell => cell.padEnd(40))
    ]
      .map(line => line.join(''))
      .join('\n')
  )

  test('the heaviest stay, the others are put together by folder, and what is left into one', () => {
    const { nodes, busy } = graphOf(recording)
    const rests = nodes.filter(({ kind }) => kind === 'rest')
    expect(nodes.length).toBeLessThanOrEqual(mostNodes)
    expect(rests.map(({ name }) => name)).toEqual(['app/a/ · 67 more', '10 more'])
    expect(nodes.reduce((sum, { self }) => sum + self, 0)).toBe(busy)
    expect(nodes.filter(({ name }) => /^a\/f1?\d\.js$/.test(name))).toHaveLength(20)
  })

  test('an opened rest shows its parts, whatever the number', () => {
    const { nodes } = graphOf(recording, { open: new Set(['rest:folder:file:///app/a/', 'rest:']) })
    expect(nodes).toHaveLength(101)
  })
})

test('threads are weighed once a recording, whoever asks', () => {
  const [first] = weighThreads(shop)
  const [again] = weighThreads(shop)
  expect(again).toBe(first)
  expect(weighedThreads(shop)[0]).toBe(first)
  expect(codePartsOf(shop)).toBe(codePartsOf(shop))
})

test('each part is found by its search, and nothing else is', () => {
  const code = buildCodeParts(shop)
  const texts = frameTexts(shop)
  const within = (row: number, part: number): boolean =>
    row >= 0 && (row === part || within(code.parts[row]!.parent, part))
  code.parts.forEach(({ key, owner }, part) => {
    const found = texts.filter(text => new RegExp(searchOfPart(code, part)).test(text))
    const ours = texts.filter((_, frame) => within(code.ofFrame[frame]!, part))
    // The program itself is what lies below its folder, packages included; V8's entries have no address.
    if (key === 'program:program') expect(found).toEqual(expect.arrayContaining(ours))
    else if (owner !== 'node') expect([key, found]).toEqual([key, ours])
  })
})
