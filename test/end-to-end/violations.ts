import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** What keeps people who can't see the page, or a part of it, from using it. @param part a selector */
export async function violations(page: Page, part = 'html'): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  return page.evaluate(async part => {
    const { axe } = globalThis as unknown as {
      axe: { run(part: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    return (await axe.run(part)).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  }, part)
}
