// Strings that differ only in numbers (ids in paths, counters, amounts in messages) as a template and its numbers.
import { slotKind, slotMark } from '../layout.ts'

export interface TemplatedText {
  /** The text with a mark, a kind and a width in place of each number. */
  readonly template: string
  readonly values: readonly number[]
}

const namedNumber = /^([A-Za-z]{3,})([1-9][0-9]{0,14})$/
const hexDigits = /^[0-9a-f]{8,}$/
const base36 = /^[1-9a-z][0-9a-z]{0,8}$/
const lastWord = /(?<=^|[^0-9A-Za-z])[1-9a-z][0-9a-z]{0,8}$/

/** Cuts the numbers out of a text, which it walks through once: whoever sends it may have made it to be slow. */
export function splitText(text: string): TemplatedText {
  const values: number[] = []
  if (text.includes(slotMark)) return { template: escapeText(text), values }
  let template = ''
  let kept = 0
  for (let at = 0; at < text.length; at++) {
    const from = at
    let digits = 0
    for (let kind = kindAt(text, at); kind !== 0; kind = kindAt(text, ++at)) if (kind === digit) digits++
    if (digits === 0 || at - from > longestWord) continue
    const slots = slotsOf(text.slice(from, at), digits, text[from - 1] === '.', values)
    if (slots === undefined) continue
    template += text.slice(kept, from) + slots
    kept = at
  }
  return { template: kept === 0 ? text : template + text.slice(kept), values }
}

const digit = 1
const letter = 2

/** 0: neither, or behind the end. */
function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code >= 0x30 && code <= 0x39) return digit
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) ? letter : 0
}

/** What stands for a word in the template, if it is a number or holds one. */
function slotsOf(word: string, digits: number, fraction: boolean, values: number[]): string | undefined {
  if (digits === word.length) return decimalSlot(word, fraction, values)
  const named = namedNumber.exec(word)
  if (named) return named[1]! + slot(slotKind.decimal, Number(named[2]), values)
  if (hexDigits.test(word)) return hexSlots(word, values)
  if (base36.test(word)) return slot(slotKind.base36, parseInt(word, 36), values)
  return undefined
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
