// What people type to filter a list: a regular expression; one that isn't valid (yet) is taken as plain text.
import { compileSearch } from '../../recording/search.ts'

export interface TextMatcher {
  /** Why it isn't a regular expression. */
  readonly problem: string | undefined
  test(text: string): boolean
}

export function createTextMatcher(typed: string): TextMatcher {
  const search = compileSearch(typed)
  if (search.kind === 'none') return { problem: undefined, test: () => true }
  if (search.kind === 'pattern') return { problem: undefined, test: text => search.pattern.test(text) }
  const literal = typed.toLowerCase()
  return { problem: search.reason, test: text => text.toLowerCase().includes(literal) }
}
