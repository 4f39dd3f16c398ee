import { describe, expect, test } from 'vitest'
import { criticalPath } from '../../src/recording/critical-path.ts'
import type { PathSpan } from '../../src/recording/critical-path.ts'

/**
 * Spans as they are drawn, a column a ms: `=` a span, `~` one of a client, below the nearest line that is indented less.
 * The path comes back as its spans' letters, a column a ms; `.` where there is none.
 */
function pathOf(drawing: string): string {
  const lines = drawing.split('\n').filter(line => line.trim() !== '')
  const margin = Math.min(...lines.map(line => line.search(/\S/)))
  const names: string[] = []
  const depths: number[] = []
  const spans: PathSpan[] = []
  for (const line of lines) {
    const [, indent = '', name = '', bar = ''] = /^( *)(\w) *\|(.*)$/.exec(line.slice(margin))!
    const parent = depths.findLastIndex(depth => depth < indent.length)
    const start = bar.search(/[=~]/)
    names.push(name)
    depths.push(indent.length)
    spans.push({ parent, start, end: bar.trimEnd().length, isClient: bar.includes('~') })
  }
  const parts = criticalPath(spans)
  const path = Array.from({ length: Math.max(...spans.map(({ end }) => end)) }, () => '.')
  for (const [index, { span, from, to }] of parts.entries()) {
    expect(from).toBeGreaterThanOrEqual(parts[index - 1]?.to ?? -Infinity)
    for (let at = from; at < to; at++) path[at] = names[span]!
  }
  return path.join('')
}

describe('the critical path', () => {
  test('goes through the child that is waited for, and through its parent before, between and after', () => {
    const path = pathOf(`
      a     |==========
       b    | ===
       c    |      ==
    `)
    expect(path).toBe('abbbaaccaa')
  })

  test('leaves out what ran beside something longer', () => {
    const path = pathOf(`
      a     |==========
       b    | ========
       c    |  ===
    `)
    expect(path).toBe('abbbbbbbba')
  })

  test('changes over to what had ended when the one that was waited for began', () => {
    const path = pathOf(`
      a     |============
       b    | =====
       c    |    ====
       d    |       ====
    `)
    // c ended after d had begun: d waited for b only.
    expect(path).toBe('abbbbbadddda')
  })

  test('goes down as deep as the spans do', () => {
    const path = pathOf(`
      a     |==========
       b    | =======
        c   |  =====
         d  |   ==
    `)
    expect(path).toBe('abcddccbaa')
  })

  test('passes a child over that its parent didn’t wait for', () => {
    const path = pathOf(`
      a     |==========
       b    | ===
        c   |  ======
    `)
    expect(path).toBe('abbbaaaaaa')
  })

  test('ends with what went on last, though its parents had long ended', () => {
    const path = pathOf(`
      a     |=====
       b    | ==
       c    |   ========
    `)
    expect(path).toBe('abbcccccccc')
  })

  test('has nobody where work lay waiting for somebody to take it', () => {
    const path = pathOf(`
      a     |===
       b    |      ====
    `)
    expect(path).toBe('aaa...bbbb')
  })

  test('goes on below a client, though the server ended a little later by its own clock', () => {
    const path = pathOf(`
      a     |==========
       b    | ~~~~~~
        c   |  ======
    `)
    expect(path).toBe('abcccccaaa')
  })

  test('never goes back beyond a parent, though the clock of its child is early', () => {
    const path = pathOf(`
      a     |==========
       b    |   ~~~~~
        c   | =====
    `)
    expect(path).toBe('aaacccbbaa')
  })

  test('puts spans without a common parent one after the other', () => {
    const path = pathOf(`
      a     |===
      b     | ==
      c     |    =====
    `)
    expect(path).toBe('aaa.ccccc')
  })

  test('is there for chains of any depth, and not without spans', () => {
    expect(criticalPath([])).toEqual([])
    const chain = Array.from({ length: 50_000 }, (_, i) => ({
      parent: i - 1,
      start: 0,
      end: 10,
      isClient: false
    }))
    expect(criticalPath(chain)).toEqual([{ span: 49_999, from: 0, to: 10 }])
  })
})
