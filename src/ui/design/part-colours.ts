// The colour of a part of the code: what its calls have on the flame charts.
import type { CodeParts } from '../../recording/code-parts.ts'
import type { DesignNode } from '../../recording/design-graph.ts'
import { placeColour } from '../canvas/flame-colours.ts'
import type { Palette } from '../canvas/palette.ts'

export function partColour({ parts }: CodeParts, { kind, part, key }: DesignNode, palette: Palette): string {
  if (kind === 'rest' || part < 0) return palette.native
  const { owner, url } = parts[part]!
  return placeColour(owner, url || key, palette)
}
