import { expect, test } from 'vitest'
import { writeHtml } from '../../src/convert/write-html.ts'

const template = '<head><title>Microlog</title></head><body><!--microlog-recording--></body>'

function write(content: Partial<Parameters<typeof writeHtml>[1]>): string {
  return Buffer.concat([
    ...writeHtml(template, { title: 'x', detail: {}, bytes: new Uint8Array(), ...content })
  ]).toString()
}

test('nothing of a recording ends the element that it is in', () => {
  const page = write({ title: '</title><script>$&', detail: { label: '</script><!--' } })
  expect(page).toContain('<title>&#60;/title&#62;&#60;script&#62;$&#38; – Microlog</title>')
  expect(page).toContain('{"label":"\\u003c/script>\\u003c!--"}')
  expect(page.match(/<\/script>/g)).toHaveLength(2)
  expect(page.endsWith('</script></body>')).toBe(true)
})

test('the bytes are in it as base64, however many they are', () => {
  for (const length of [0, 1, 24_000, 24_001, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 7)
    const base64 = /octet-stream">([^<]*)</.exec(write({ bytes }))![1]!
    expect(Buffer.from(base64, 'base64').equals(bytes)).toBe(true)
  }
})

test('a page without a place for the recording is refused', () => {
  const content = { title: '', detail: {}, bytes: new Uint8Array() }
  for (const page of ['', '<title>Microlog</title>', '<!--microlog-recording-->'])
    expect(() => writeHtml(page, content)).toThrow(expect.objectContaining({ code: 'invalid-input' }))
})
