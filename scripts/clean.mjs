// Removes what an earlier build left, the built UI apart: it is built on its own.
import { readdirSync, rmSync, existsSync } from 'node:fs'

const dist = new URL('../dist/', import.meta.url)
if (existsSync(dist)) {
  for (const name of readdirSync(dist)) {
    if (name !== 'ui' && name !== 'copy') rmSync(new URL(name, dist), { recursive: true, force: true })
  }
}
