// Dark or light: the system's wish unless somebody chose here. Canvases and charts watch `theme` and paint again.
import { usePreferredDark, useStorage } from '@vueuse/core'
import { computed, inject, watchEffect } from 'vue'
import type { ComputedRef, InjectionKey } from 'vue'

export type ThemeName = 'dark' | 'light'

export interface Theme {
  /** What is shown. The element <html> carries it as data-theme before watchers of this run. */
  readonly theme: ComputedRef<ThemeName>
  toggle(): void
}

export function createTheme(): Theme {
  const chosen = useStorage<ThemeName | ''>('microlog.theme', '')
  const prefersDark = usePreferredDark()
  const system = computed<ThemeName>(() => (prefersDark.value ? 'dark' : 'light'))
  const theme = computed<ThemeName>(() =>
    chosen.value === 'dark' || chosen.value === 'light' ? chosen.value : system.value
  )
  watchEffect(() => (document.documentElement.dataset['theme'] = theme.value), { flush: 'sync' })
  return {
    theme,
    toggle() {
      const next = theme.value === 'dark' ? 'light' : 'dark'
      chosen.value = next === system.value ? '' : next
    }
  }
}

export const themeKey: InjectionKey<Theme> = Symbol('theme')

export function useTheme(): Theme {
  const theme = inject(themeKey)
  if (!theme) throw new Error('useTheme needs a component below App')
  return theme
}
