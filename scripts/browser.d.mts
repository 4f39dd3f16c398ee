import type { Browser } from 'playwright-core'

export function findBrowser(
  env?: Record<string, string | undefined>,
  exists?: (path: string) => boolean
): string
export function launchBrowser(): Promise<Browser>
