// Mirrors encode/text-template.ts.
import { MicrologError } from '../../base/errors.ts'
import { slotKind, slotMark } from '../layout.ts'

export interface TextTemplate {
  /** What stands before, between and behind the numbers: one more than there are numbers. */
  readonly literals: readonly string[]
  readonly slots: readonly { readonly radix: number; readonly width: number }[]
}

export function parseTemplate(template: string): TextTemplate {
  const [first, ...rest] = template.split(slotMark)
  const literals = [first!]
  const slots: { radix: number; width: number }[] = []
  for (const part of rest) {
    const kind = part[0]
    if (kind === slotKind.mark) literals[literals.length - 1] += slotMark + part.slice(1)
    else if (kind === slotKind.decimal || kind === slotKind.base36) {
      slots.push({ radix: kind === slotKind.decimal ? 10 : 36, width: 0 })
      literals.push(part.slice(1))
    } else if (kind === slotKind.fixedDecimal || kind === slotKind.fixedHex) {
      slots.push({ radix: kind === slotKind.fixedDecimal ? 10 : 16, width: parseInt(part[1] ?? '', 16) || 0 })
      literals.push(part.slice(2))
    } else throw new MicrologError('corrupt', 'Expected the kind of a number in a text')
  }
  return { literals, slots }
}

/** @param values a column for each slot @param use which row of these columns */
export function joinText(template: TextTemplate, values: readonly Float64Array[], use: number): string {
  let text = template.literals[0]!
  for (let i = 0; i < values.length; i++) {
    const { radix, width } = template.slots[i]!
    const digits = values[i]![use]!.toString(radix)
    text += (digits.length < width ? digits.padStart(width, '0') : digits) + template.literals[i + 1]!
  }
  return text
}
