import { describe, expect, test } from 'vitest'
import {
  editorLink,
  frameName,
  framePackage,
  framePlace,
  internalFrames,
  packageOf,
  shortFile
} from '../../src/recording/frame-names.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'

describe('frames as people read them', () => {
  test('a file is named with its folder, a package by its name, Node by itself', () => {
    expect(shortFile('file:///srv/shop/src/orders/load.ts')).toBe('orders/load.ts')
    expect(shortFile('/srv/shop/node_modules/pg/lib/client.js')).toBe('pg › client.js')
    expect(shortFile('C:\\shop\\src\\app.js')).toBe('src/app.js')
    expect(shortFile('node:internal/timers')).toBe('node:internal/timers')
  })

  test('the package is the innermost one in node_modules, scope included', () => {
    expect(packageOf('/a/node_modules/x/node_modules/@scope/y/index.js')).toBe('@scope/y')
    expect(packageOf('C:\\a\\node_modules\\x\\i.js')).toBe('x')
    expect(packageOf('node:fs')).toBe('node')
    expect(packageOf('file:///a/b.js')).toBe('')
  })

  test('a function without a name is anonymous, and one without a file has no place', () => {
    const builder = new RecordingBuilder(0n)
    const url = builder.strings.intern('/a/b.js')
    builder.intern('frames', { name: 0, url, line: 12, column: 3, packageId: 0 })
    builder.intern('frames', {
      name: builder.strings.intern('(program)'),
      url: 0,
      line: 0,
      column: 0,
      packageId: 0
    })
    const recording = builder.snapshot()
    expect([frameName(recording, 0), framePlace(recording, 0)]).toEqual(['(anonymous)', 'a/b.js:12'])
    expect([frameName(recording, 1), framePlace(recording, 1)]).toEqual(['(program)', ''])
  })
})

test('internal is what a package, Node or the engine brings, but not where the engine spent its time', () => {
  const builder = new RecordingBuilder(0n)
  const frames = [
    ['handler', '/srv/app.js'],
    ['query', '/srv/node_modules/pg/client.js'],
    ['emit', 'node:events'],
    ['runMicrotasks', ''],
    ['(garbage collector)', '']
  ] as const
  for (const [name, url] of frames) {
    const row = {
      name: builder.strings.intern(name),
      url: builder.strings.intern(url),
      line: 1,
      column: 1,
      packageId: 0
    }
    builder.intern('frames', row)
  }
  expect([...internalFrames(builder.snapshot())]).toEqual([0, 1, 1, 1, 0])
})

describe('links to the editor', () => {
  test('lead to file, line and column', () => {
    expect(editorLink('file:///srv/app.js', 12, 5)).toBe('vscode://file/srv/app.js:12:5')
    expect(editorLink('/srv/app.js', 0, 0)).toBe('vscode://file/srv/app.js:1:1')
    expect(editorLink('file:///C:/shop/app.js', 2, 1)).toBe('vscode://file/C:/shop/app.js:2:1')
    expect(editorLink('C:\\shop\\app.js', 2, 1)).toBe('vscode://file/C:/shop/app.js:2:1')
  })

  test('a path can add nothing to the address but a path', () => {
    expect(editorLink('file:///srv/a%20b%3Fc.js', 1, 1)).toBe('vscode://file/srv/a%20b%3Fc.js:1:1')
    expect(editorLink('/srv/x?open=1#y', 1, 1)).toBe('vscode://file/srv/x%3Fopen%3D1%23y:1:1')
    expect(editorLink('file:///srv/%E0%A4%A', 1, 1)).toBe('vscode://file/srv/%25E0%25A4%25A:1:1')
  })

  test('there is none for code that is in no file', () => {
    for (const url of [
      '',
      'node:fs',
      'evalmachine.<anonymous>',
      'javascript:alert(1)',
      'https://x.example/a.js'
    ]) {
      expect(editorLink(url, 1, 1)).toBeUndefined()
    }
  })

  test('there is none for a file on another host', () => {
    for (const url of [
      'file:////server/share/a.js',
      '//server/share/a.js',
      'file:///%2F/server/a.js',
      'file:///%5Cserver/a.js'
    ]) {
      expect(editorLink(url, 1, 1), url).toBeUndefined()
    }
  })
})

test('a frame’s package is named with its version, scoped ones too', () => {
  const builder = new RecordingBuilder(0n)
  for (const id of ['fastify@5.12.8', '@acme/work@2.3.4', '@acme/work', '']) {
    builder.intern('frames', { name: 0, url: 0, line: 0, column: 0, packageId: builder.strings.intern(id) })
  }
  const recording = builder.snapshot()
  expect([0, 1, 2, 3].map(frame => framePackage(recording, frame))).toEqual([
    'fastify 5.12.8',
    '@acme/work 2.3.4',
    '@acme/work',
    ''
  ])
})
