// Strings that differ only in numbers (ids in paths, counters, amounts in messages) as a template and its numbers.
import { slotKind, slotMark } from '../layout.ts'

export interface TemplatedText {
  /** The text with a mark, a kind and a width in place of each number. */
  readonly template: string
  readonly values: readonly number[]
}

const word = /[0-9A-Za-z]*[0-9][0-9A-Za-z]*/g
const namedNumber = /^([A-Za-z]{3,})([1-9][0-9]{0,14})$/
const lastWord = /(?<=^|[^0-9A-Za-z])[1-9a-z][0-9a-z]{0,8}$/

/** Cuts the numbers out of a text. */
export function splitText(text: string): TemplatedText {
  const values: number[] = []
  const escaped = escapeText(text)
  const template = escaped.replace(word, (found: string, at: number) => {
    if (found.length > longestWord || escaped[at - 1] === slotMark) return found
    const named = namedNumber.exec(found)
    if (named) return named[1]! + slot(slotKind.decimal, Number(named[2]), values)
    if (/^[0-9]+$/.test(found)) return decimalSlot(found, escaped[at - 1] === '.', values)
    if (/^[0-9a-f]{8,}$/.test(found)) return hexSlots(found, values)
    if (/^[1-9a-z][0-9a-z]{0,8}$/.test(found)) return slot(slotKind.base36, parseInt(found, 36), values)
    return found
  })
  return { template, values }
}

/** The text with its last word taken as a base-36 number, also where it looks like a word or a decimal: a counter's. */
export function splitLastWord(text: string): TemplatedText | undefined {
  const found = lastWord.exec(text)
  if (!found) return undefined
  const head = splitText(text.slice(0, found.index))
  const values = [...head.values]
  return { template: head.template + slot(slotKind.base36, parseInt(found[0], 36), values), values }
}

/** The text as a template without numbers. */
export function escapeText(text: string): string {
  return text.includes(slotMark) ? text.replaceAll(slotMark, slotMark + slotKind.mark) : text
}

/** Longer ones are hashes and the like, of which each is its own. */
const longestWord = 32

function slot(kind: string, value: number, values: number[]): string {
  values.push(value)
  return slotMark + kind
}

/** Digits of a fraction, and those behind a zero, keep their width. */
function decimalSlot(digits: string, fraction: boolean, values: number[]): string {
  if (digits.length > 15) return digits
  if (!fraction && (digits === '0' || !digits.startsWith('0'))) {
    return slot(slotKind.decimal, Number(digits), values)
  }
  return slot(slotKind.fixedDecimal, Number(digits), values) + digits.length.toString(16)
}

/** Twelve digits are what a number holds well. */
function hexSlots(digits: string, values: number[]): string {
  let slots = ''
  for (let at = 0; at < digits.length; at += 12) {
    const part = digits.slice(at, at + 12)
    slots += slot(slotKind.fixedHex, parseInt(part, 16), values) + part.length.toString(16)
  }
  return slots
}
