// What is written on a call, and which calls are outlined.
import type { Calls } from '../../recording/calls.ts'
import { frameName, framePlace } from '../../recording/frame-names.ts'
import type { Recording } from '../../recording/schema.ts'
import { isEmphasised } from './flame-colours.ts'
import type { Emphasis } from './flame-colours.ts'
import type { BarLabel, BarOutline } from './paint-bars.ts'
import type { Palette } from './palette.ts'

/** CSS pixels from which a label also says how long, and from which it says where. */
const durationFrom = 200
const placeFrom = 300

/** The name; on wider calls how long or large each is, as `measure` says it; on the widest the file, too. */
export function callLabel(
  recording: Recording,
  calls: Calls,
  palette: Palette,
  emphasis: Emphasis,
  ratio: number,
  measure: (call: number) => string
): (call: number, width: number) => BarLabel {
  return (call, width) => {
    const frame = calls.frame[call]!
    const colour = isEmphasised(calls, call, emphasis) ? palette.label : palette.fadedLabel
    const parts = [frameName(recording, frame)]
    if (width > placeFrom * ratio) parts.push(framePlace(recording, frame))
    if (width > durationFrom * ratio) parts.push(measure(call))
    return { text: parts.filter(Boolean).join('  '), colour }
  }
}

/** 'load orders/load.ts:12, ≈ 3 ms'; what V8 runs by itself has no place. */
export function tellFrame(recording: Recording, frame: number, measured: string): string {
  const parts = [frameName(recording, frame), framePlace(recording, frame)]
  return `${parts.filter(Boolean).join(' ')}, ${measured}`
}

export function callOutlines(
  calls: Calls,
  palette: Palette,
  hovered: number,
  selected: number
): BarOutline[] {
  const outlines: BarOutline[] = []
  if (hovered >= 0 && hovered < calls.length && hovered !== selected) {
    outlines.push({ row: hovered, lane: calls.depth[hovered]!, colour: palette.hover })
  }
  if (selected >= 0 && selected < calls.length) {
    outlines.push({ row: selected, lane: calls.depth[selected]!, colour: palette.outline })
  }
  return outlines
}
