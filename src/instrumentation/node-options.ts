// Node's command line, and NODE_OPTIONS.

/** A path as one word of NODE_OPTIONS, which splits at spaces outside of quotes, and takes backslashes within them. */
export function quotedWord(path: string): string {
  return /[\s"\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path
}

/** Whether a command line, or NODE_OPTIONS, has one of Node's flags. */
export function hasFlag(words: readonly string[], flag: string): boolean {
  return new RegExp(`(?:^|\\s)--${flag}(?:[\\s=]|$)`).test(words.join(' '))
}

/** Under Node's permission model: our files may not be read then, and what preloads them would not start. */
export function isRestricted(words: readonly string[]): boolean {
  return hasFlag(words, '(?:experimental-)?permission')
}
