/** The function, asked once for each object: recordings never change, so what was built from one holds for good. */
export function oncePer<Key extends object, Value>(build: (key: Key) => Value): (key: Key) => Value {
  const built = new WeakMap<Key, { value: Value }>()
  return key => {
    let known = built.get(key)
    if (known === undefined) built.set(key, (known = { value: build(key) }))
    return known.value
  }
}
