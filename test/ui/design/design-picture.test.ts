import { describe, expect, test } from 'vitest'
import { buildCodeParts } from '../../../src/recording/code-parts.ts'
import { buildDesignGraph, sumFunctions } from '../../../src/recording/design-graph.ts'
import { sumStacks, weighThreads } from '../../../src/recording/stack-weights.ts'
import { frameColours } from '../../../src/ui/canvas/flame-colours.ts'
import { paletteOf, shade } from '../../../src/ui/canvas/palette.ts'
import type { ThemeColours } from '../../../src/ui/canvas/use-theme-colours.ts'
import { placeLabels } from '../../../src/ui/design/graph-labels.ts'
import { layOutGraph } from '../../../src/ui/design/graph-layout.ts'
import { buildDesignOption } from '../../../src/ui/design/graph-option.ts'
import { partColour } from '../../../src/ui/design/part-colours.ts'
import { buildPartDetails } from '../../../src/ui/design/part-details.ts'
import { recordingFromText } from '../../helpers/recording-from-text.ts'

const large = { width: 1000, height: 600 }

describe('the layout of a call graph', () => {
  const edges = [
    { from: 0, to: 1 },
    { from: 1, to: 2 },
    { from: 0, to: 3 },
    { from: 2, to: 0 }
  ]

  test('puts callers left of what they call; of a circle, the lightest call goes back', () => {
    const places = layOutGraph(4, edges, large)
    expect(places.map(({ rank }) => rank)).toEqual([0, 1, 2, 1])
    expect(places[0]!.x).toBeLessThan(places[1]!.x)
    expect(places[1]!.x).toBe(places[3]!.x)
  })

  test('is the same each time, inside of the picture, with no two nodes in one place', () => {
    const many = Array.from({ length: 150 }, (_, i) => ({ from: i % 13, to: (i * 7) % 60 }))
    const places = layOutGraph(60, many, large)
    expect(layOutGraph(60, many, large)).toEqual(places)
    for (const { x, y } of places) {
      expect(x >= 0 && x <= large.width && y >= 0 && y <= large.height).toBe(true)
    }
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(60)
  })

  test('who is called by nobody stands right before what it calls', () => {
    const chain = [
      { from: 0, to: 1 },
      { from: 1, to: 2 },
      { from: 3, to: 2 }
    ]
    expect(layOutGraph(4, chain, large).map(({ rank }) => rank)).toEqual([0, 1, 2, 1])
  })

  test('lines cross less: nodes stand beside what calls them', () => {
    const crossed = [
      { from: 0, to: 3 },
      { from: 1, to: 2 }
    ]
    const [a, b, ofB, ofA] = layOutGraph(4, crossed, large)
    expect(Math.sign(a!.y - b!.y)).toBe(Math.sign(ofA!.y - ofB!.y))
  })

  test('runs from top to bottom where it is narrow; one node stands in the middle', () => {
    const high = layOutGraph(4, edges, { width: 390, height: 500 })
    expect(high[0]!.y).toBeLessThan(high[1]!.y)
    expect(layOutGraph(1, [], large)).toEqual([{ rank: 0, x: 500, y: 300 }])
  })
})

describe('names in a call graph', () => {
  const picture = { left: 0, top: 0, right: 400, bottom: 300 }
  const node = (x: number, y: number, text = 'a/name.js') => ({ x, y, size: 20, text })
  const sidesOf = (...nodes: ReturnType<typeof node>[]) => placeLabels(nodes, 100, picture)

  test('stand below their node, or where there is room beside it', () => {
    expect(sidesOf(node(100, 100), node(300, 100))).toEqual(['bottom', 'bottom'])
    expect(sidesOf(node(100, 100), node(100, 125))).toEqual(['top', 'bottom'])
    expect(sidesOf(node(100, 290), node(100, 265))).toEqual(['right', 'top'])
  })

  test('stand on a large node that is surrounded', () => {
    const around = [node(60, 150), node(140, 150), node(100, 120), node(100, 180)]
    const placeOf = (size: number) => placeLabels([{ ...node(100, 150), size }, ...around], 100, picture)[0]
    expect(placeOf(40)).toBe('inside')
    expect(placeOf(20)).toBeUndefined()
  })

  test('lie neither on each other nor on what lies on the picture: what finds no room has none', () => {
    const crowd = Array.from({ length: 30 }, (_, i) => node(190 + (i % 6) * 4, 140 + Math.floor(i / 6) * 4))
    const named = sidesOf(...crowd).filter(Boolean)
    expect(named.length).toBeGreaterThan(0)
    expect(named.length).toBeLessThan(10)
    expect(placeLabels([node(100, 100)], 100, picture, [picture])).toEqual([undefined])
  })
})

describe('the picture of a call graph', () => {
  const recording = recordingFromText(`
    0ms                 1ms                 2ms
    main@/a/app.js      main@/a/app.js      main@/a/app.js
    load@/a/load.js     load@/a/load.js     sum@/a/sum.js
    read@/a/load.js
  `)
  const code = buildCodeParts(recording)
  const weights = sumStacks(recording, weighThreads(recording))
  const graph = buildDesignGraph(recording, code, weights, {
    level: 'files',
    open: new Set(),
    hide: 'nothing'
  })
  const palette = paletteOf('dark')
  const colours = { bg: '#000000', text: '#ffffff', 'text-2': '#bbbbbb', 'text-3': '#999999' } as ThemeColours
  const picture = (
    matches: Uint8Array | null,
    selected = -1,
    zoom = 1,
    size = large,
    places = layOutGraph(graph.nodes.length, graph.edges, size)
  ) => {
    const { series } = buildDesignOption(
      {
        ...graph,
        places,
        size,
        colours: graph.nodes.map(node => partColour(code, node, palette)),
        matches,
        selected,
        zoom
      },
      palette,
      colours
    )
    return series as unknown as {
      animation?: boolean
      data: {
        name: string
        symbolSize: number
        itemStyle: { color: string; borderWidth: number }
        label: { show: boolean }
      }[]
      links: { source: string; target: string; lineStyle: { width: number; opacity: number } }[]
    }
  }
  const names = graph.nodes.map(({ name }) => name)

  test('a node is as large as its own time, an edge as thick as the time of its calls', () => {
    const { data, links } = picture(null)
    expect(names).toEqual(['a/app.js', 'a/load.js', 'a/sum.js'])
    const [app, load, sum] = data
    expect(load!.symbolSize).toBeGreaterThan(sum!.symbolSize)
    expect(sum!.symbolSize).toBeGreaterThan(app!.symbolSize)
    expect(links.map(({ source, target }) => `${source} > ${target}`)).toEqual(['0 > 1', '0 > 2'])
    expect(links[0]!.lineStyle.width).toBeGreaterThan(links[1]!.lineStyle.width)
  })

  test('in a small picture names give way, the selected one last, and come back in a larger one', () => {
    const small = { width: 100, height: 80 }
    const shown = (selected: number, zoom: number): boolean[] =>
      picture(null, selected, zoom, small)
        .data.slice(0, 3)
        .map(({ label }) => label.show)
    const hidden = shown(-1, 1).indexOf(false)
    expect(hidden).toBeGreaterThanOrEqual(0)
    expect(shown(hidden, 1)[hidden]).toBe(true)
    expect(shown(-1, 6)).toEqual([true, true, true])
    expect(Math.max(...picture(null, -1, 1, small).data.map(({ symbolSize }) => symbolSize))).toBeLessThan(
      Math.max(...picture(null).data.map(({ symbolSize }) => symbolSize))
    )
  })

  test('where two names want the same room, the larger node has it', () => {
    const places = [
      { rank: 0, x: 12, y: 50 },
      { rank: 1, x: 10, y: 62 },
      { rank: 1, x: 100, y: 150 }
    ]
    const { data } = picture(null, -1, 1, { width: 200, height: 200 }, places)
    expect(data.slice(0, 3).map(({ name, label }) => [name, label.show])).toEqual([
      ['a/app.js', false],
      ['a/load.js', true],
      ['a/sum.js', true]
    ])
  })

  test('colours are those of the flame chart', () => {
    const [main] = frameColours(recording, palette)
    const shades = [-0.06, 0, 0.06].map(by => shade(picture(null).data[0]!.itemStyle.color, by))
    expect(shades).toContain(main)
  })

  test('what the search leaves out is grey, what is selected has an outline, and its edges stand out', () => {
    const { data, links } = picture(Uint8Array.of(0, 1, 0), 1)
    expect(data.slice(0, 3).map(({ itemStyle }) => itemStyle.color === palette.faded)).toEqual([
      true,
      false,
      true
    ])
    expect(data[1]!.itemStyle.borderWidth).toBeGreaterThan(data[0]!.itemStyle.borderWidth)
    expect(links[0]!.lineStyle.opacity).toBeGreaterThan(links[1]!.lineStyle.opacity)
  })

  test('a part tells its functions, its callers and callees with their shares, and how it is found', () => {
    const sums = sumFunctions(recording, code, weights)
    const load = buildPartDetails(recording, code, graph, sums, names.indexOf('a/load.js'))
    expect(
      load.functions.map(({ name, self, total, samples, link }) => [name, self, total, samples, link])
    ).toEqual([
      ['load', 1e6, 2e6, 2, 'vscode://file/a/load.js:1:1'],
      ['read', 1e6, 1e6, 1, 'vscode://file/a/load.js:1:1']
    ])
    expect(load.callers).toMatchObject([{ name: 'a/app.js', share: 1, samples: 2 }])
    expect(load.search).toBe('/a/load\\.js$')
    const app = buildPartDetails(recording, code, graph, sums, names.indexOf('a/app.js'))
    expect(app.callees.map(({ name, share }) => [name, Math.round(share * 3)])).toEqual([
      ['a/load.js', 2],
      ['a/sum.js', 1]
    ])
  })
})
