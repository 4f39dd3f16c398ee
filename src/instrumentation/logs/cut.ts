// Long values are cut, and marked: the text ends with how long it was, the attribute `microlog.cut` names what was cut.
import type { LogAttributes } from '../record-sink.ts'

/** In UTF-16 units; a collector cuts at 64 KiB. */
const longestText = 32 * 1024

export function cutText(text: string, longest = longestText): string {
  if (text.length <= longest) return text
  // Not between the two halves of a character.
  const end = /[\uD800-\uDBFF]/.test(text[longest - 1]!) ? longest - 1 : longest
  return `${text.slice(0, end)}… (${text.length} characters)`
}

/** The same object, where nothing is too long. */
export function cutAttributes(attributes: LogAttributes, bodyIsCut = false): LogAttributes {
  const cut: string[] = bodyIsCut ? ['body'] : []
  let result = attributes
  for (const name in attributes) {
    const value = attributes[name]
    if (typeof value !== 'string' || value.length <= longestText) continue
    if (result === attributes) result = { ...attributes }
    result[name] = cutText(value)
    cut.push(name)
  }
  return cut.length === 0 ? attributes : withCutNames(result, cut)
}

export function withCutNames(attributes: LogAttributes, names: readonly string[]): LogAttributes {
  const before = attributes['microlog.cut']
  const all = typeof before === 'string' ? [before, ...names] : names
  return { ...attributes, 'microlog.cut': all.join(',') }
}
