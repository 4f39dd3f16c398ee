import { expect, it } from 'vitest'
import { StartChooser } from '../../../src/instrumentation/profile/span-starts.ts'

it('takes the first twenty stacks of a name, and then ever fewer, which stand for the starts between', () => {
  const chooser = new StartChooser()
  const kept = counts(chooser, 'query', Array<number>(6000).fill(1))
  expect(kept.slice(0, 20)).toEqual(Array<number>(20).fill(1))
  expect(kept.slice(20)).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 1280, 1280])
  expect(counts(chooser, 'other', [1, 1])).toEqual([1, 1])
})

it('takes each stack of a name that comes from several places, from when that is seen', () => {
  const chooser = new StartChooser()
  expect(counts(chooser, 'query', [1, 2, ...Array<number>(48).fill(1)])).toHaveLength(50)
  const settled = [...Array<number>(29).fill(1), 2]
  expect(counts(chooser, 'load', [...settled, 1, 1, 1])).toEqual([...Array<number>(20).fill(1), 10, 1, 1, 1])
})

it('makes up for what there was no room for: the next stack stands for those, too', () => {
  const chooser = new StartChooser()
  counts(chooser, 'query', Array<number>(20).fill(1))
  for (let i = 0; i < 13; i++) chooser.isWanted('query')
  expect(counts(chooser, 'query', [1])).toEqual([14])
})

it('begins anew where paths are numbered anew', () => {
  const chooser = new StartChooser()
  counts(chooser, 'query', Array<number>(20).fill(1))
  chooser.clear()
  expect(counts(chooser, 'query', Array<number>(20).fill(5))).toHaveLength(20)
})

/** How many starts each stack that is taken stands for. */
function counts(chooser: StartChooser, name: string, paths: number[]): number[] {
  return paths.flatMap(path => (chooser.isWanted(name) ? [chooser.take(name, path).count] : []))
}
