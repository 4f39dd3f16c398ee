// The tokens of the theme as colours that canvases and charts can draw with.
import { computed } from 'vue'
import type { ComputedRef } from 'vue'
import { useTheme } from '../state/use-theme.ts'

const tokens = [
  'bg',
  'surface',
  'text',
  'text-2',
  'text-3',
  'line',
  'line-strong',
  'accent',
  'cpu',
  'system',
  'memory',
  'heap',
  'reserved',
  'external',
  'loop',
  'delay',
  'p99',
  'pauses',
  'modules',
  'resources',
  'trace',
  'debug',
  'info',
  'warn',
  'error',
  'fatal'
] as const

export type ThemeColours = Readonly<Record<(typeof tokens)[number], string>>

export function useThemeColours(): ComputedRef<ThemeColours> {
  const { theme } = useTheme()
  return computed(() => {
    // Read for its dependency: the element carries the theme before this runs.
    void theme.value
    const style = getComputedStyle(document.documentElement)
    return Object.fromEntries(
      tokens.map(token => [token, style.getPropertyValue(`--${token}`).trim()])
    ) as ThemeColours
  })
}
