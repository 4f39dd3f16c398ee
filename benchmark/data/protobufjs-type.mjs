import { readFile } from 'node:fs/promises'
import protobuf from 'protobufjs'

const fields = new URL('../../test/helpers/otlp-1.11.json', import.meta.url)

/** A message of OTLP for protobufjs, built from the table of fields that the tests check our reader by. */
export async function protobufjsType(name) {
  const schema = JSON.parse(await readFile(fields, 'utf8'))
  const flat = name => name.replaceAll('.', '_')
  const root = new protobuf.Root()
  for (const [message, members] of Object.entries(schema)) {
    const type = new protobuf.Type(flat(message))
    for (const [field, [number, kind, rule]] of Object.entries(members)) {
      type.add(new protobuf.Field(field, number, schema[kind] ? flat(kind) : kind, rule))
    }
    root.add(type)
  }
  return root.lookupType(flat(name))
}
