import { provide } from 'vue'
import type { Router } from 'vue-router'
import type { ApiClient } from './data/api-client.ts'
import { apiKey } from './data/use-api.ts'
import { addressKey, createAddress } from './state/address.ts'
import { createSelection, selectionKey } from './state/use-selection.ts'
import { createTheme, themeKey } from './state/use-theme.ts'

/** What all pages share: address, selection, theme, and where recordings come from. For the setup of the outermost component. */
export function provideScreen(router: Router, api: ApiClient): void {
  const address = createAddress(router)
  provide(addressKey, address)
  provide(selectionKey, createSelection(address))
  provide(themeKey, createTheme())
  provide(apiKey, api)
}
