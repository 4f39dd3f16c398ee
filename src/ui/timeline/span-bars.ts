// Spans as bars: coloured by kind, errors in red and never hidden by what lies in the same pixel.
import { formatDuration } from '../../base/units.ts'
import type { Lanes } from '../../recording/flame-layout.ts'
import type { Recording } from '../../recording/schema.ts'
import type { BarLabel, BarOutline } from '../canvas/paint-bars.ts'
import { pixelOf } from '../canvas/palette.ts'
import type { Palette } from '../canvas/palette.ts'
import type { BarStyle } from '../canvas/pixel-rows.ts'

/** As OTLP numbers them. */
export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const

export function spanStyle(recording: Recording, palette: Palette, matches: Uint8Array | null): BarStyle {
  const { spans } = recording
  const colour = new Uint32Array(spans.length)
  const priority = new Uint8Array(spans.length)
  const kinds = palette.spanKinds.map(pixelOf)
  const [error, faded] = [pixelOf(palette.spanError), pixelOf(palette.faded)]
  for (let span = 0; span < spans.length; span++) {
    const failed = spans.statusCode[span] === 2
    const shown = !matches || matches[span] === 1
    colour[span] = !shown ? faded : failed ? error : (kinds[spans.kind[span]!] ?? kinds[0]!)
    priority[span] = (shown ? 2 : 0) + (failed ? 1 : 0)
  }
  return { colour, priority }
}

/** CSS pixels from which a label says how long. */
const durationFrom = 110

export function spanLabel(
  recording: Recording,
  palette: Palette,
  matches: Uint8Array | null,
  ratio: number
): (span: number, width: number) => BarLabel {
  const { spans, strings } = recording
  return (span, width) => {
    const name = strings[spans.name[span]!]!
    const duration = formatDuration(spans.end[span]! - spans.start[span]!)
    return {
      text: width > durationFrom * ratio ? `${name}  ${duration}` : name,
      colour: !matches || matches[span] === 1 ? palette.label : palette.fadedLabel
    }
  }
}

export function spanOutlines(
  lanes: Lanes,
  palette: Palette,
  hovered: number,
  selected: number
): BarOutline[] {
  const outlines: BarOutline[] = []
  if (hovered >= 0 && hovered !== selected) {
    outlines.push({ row: hovered, lane: laneOf(lanes, hovered), colour: palette.hover })
  }
  if (selected >= 0) {
    outlines.push({ row: selected, lane: laneOf(lanes, selected), colour: palette.outline })
  }
  return outlines
}

/** The lane of a row, -1 where it has none. */
export function laneOf(lanes: Lanes, row: number): number {
  const at = lanes.row.indexOf(row)
  for (let lane = 0; at >= 0 && lane < lanes.count; lane++) if (at < lanes.first[lane + 1]!) return lane
  return -1
}
