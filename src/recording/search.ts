// Search by regular expression over unique texts: names are tested once each, and a call is then a lookup.
import { messageOf } from '../base/errors.ts'
import type { Recording } from './schema.ts'

export type SearchPattern =
  | { readonly kind: 'none' }
  | { readonly kind: 'pattern'; readonly pattern: RegExp }
  | { readonly kind: 'invalid'; readonly reason: string }

/** Ignores case unless the text has a capital letter. */
export function compileSearch(text: string): SearchPattern {
  if (text === '') return { kind: 'none' }
  try {
    return { kind: 'pattern', pattern: new RegExp(text, /\p{Lu}/u.test(text) ? '' : 'i') }
  } catch (error) {
    return { kind: 'invalid', reason: messageOf(error) }
  }
}

/** 1 for each text that the pattern is found in. A pattern can take for ever: run this where it can be ended. */
export function matchTexts(pattern: RegExp, texts: readonly string[]): Uint8Array {
  return Uint8Array.from(texts, text => (pattern.test(text) ? 1 : 0))
}

/** What a search sees of each frame: its name and its file. */
export function frameTexts(recording: Recording): string[] {
  const { frames, strings } = recording
  return Array.from(
    { length: frames.length },
    (_, frame) => `${strings[frames.name[frame]!]!} ${strings[frames.url[frame]!]!}`
  )
}
