import { expect, test } from 'vitest'
import type { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { stackGroups } from '../../../src/ui/widgets/stack-lines.ts'
import { internSet } from '../../helpers/push-rows.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'

/** 'name url', outermost first. */
function stackOf(builder: RecordingBuilder, frames: readonly string[]): number {
  return frames.reduce((parent, text) => {
    const [name = '', url = ''] = text.split(' ')
    const { strings } = builder
    const cells = { name: strings.intern(name), url: strings.intern(url), line: 7, column: 1, packageId: 0 }
    return builder.intern('stacks', { frame: builder.intern('frames', cells), parent })
  }, -1)
}

test('long runs of what isn’t the program’s own are folded, and say whose they are', () => {
  const builder = builderFromText('0ms\nmain')
  const stack = stackOf(builder, [
    'emit node:events',
    'run file:///app/node_modules/fastify/lib/route.js',
    'next file:///app/node_modules/fastify/lib/hooks.js',
    'handler file:///app/orders.js',
    'inner file:///app/node_modules/pino/tools.js',
    'save file:///app/orders.js'
  ])
  const groups = stackGroups(builder.snapshot(), stack)
  expect(groups.map(({ lines, summary }) => [lines.map(({ name }) => name).join(' '), summary])).toEqual([
    ['save', ''],
    ['inner', ''],
    ['handler', ''],
    ['next run emit', '3 frames of fastify, node']
  ])
  expect(groups[0]!.lines[0]!.link).toBe('vscode://file/app/orders.js:7:1')
  expect(groups[3]!.lines[2]!.link).toBeUndefined()
})

test('a stack of others alone is shown as it is', () => {
  const builder = builderFromText('0ms\nmain')
  const stack = stackOf(builder, ['a node:a', 'b node:b', 'c node:c', 'd node:d'])
  expect(stackGroups(builder.snapshot(), stack)).toMatchObject([{ summary: '', lines: { length: 4 } }])
})

test('the line of the call that a log tells stands where V8 tells the line of the function', () => {
  const builder = builderFromText('0ms\nmain')
  const stack = stackOf(builder, [
    'main file:///app/a.js',
    'save file:///app/a.js',
    'LOG file:///app/node_modules/pino/tools.js'
  ])
  const site = internSet(builder, {
    'code.file.path': 'file:///app/a.js',
    'code.line.number': 12,
    'code.column.number': 5
  })
  const lines = stackGroups(builder.snapshot(), stack, site).flatMap(group => group.lines)
  expect(lines.map(({ name, place, link }) => [name, place, link])).toEqual([
    ['LOG', 'pino › tools.js:7', 'vscode://file/app/node_modules/pino/tools.js:7:1'],
    ['save', 'app/a.js:12', 'vscode://file/app/a.js:12:5'],
    ['main', 'app/a.js:7', 'vscode://file/app/a.js:7:1']
  ])
})
