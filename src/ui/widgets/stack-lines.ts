// A stack as lines to read: what isn't the program's own is put together where it is long.
import { attributeNumber, attributeText } from '../../recording/attributes.ts'
import {
  editorLink,
  frameLink,
  frameName,
  frameOwner,
  framePlace,
  shortFile
} from '../../recording/frame-names.ts'
import { stackFrames } from '../../recording/log-entries.ts'
import type { Recording } from '../../recording/schema.ts'

export interface StackLine {
  name: string
  place: string
  url: string
  /** Opens it in the editor; undefined for code that isn't in a file. */
  link: string | undefined
  /** A package, 'node' or 'V8'; '' for the program itself. */
  owner: string
}

/** Neighbouring lines; folded ones are told in `summary`, e.g. '7 frames of node, pino'. */
export interface StackGroup {
  lines: StackLine[]
  summary: string
}

/** A shorter run of foreign lines costs less to read than to unfold. */
const fewestFolded = 3

/**
 * Innermost first. A stack without lines of the program's own is one group, unfolded.
 * @param site attributes that say which line the stack was asked for from; row of `sets`. V8's stacks name the lines where
 * functions begin
 */
export function stackGroups(recording: Recording, stack: number, site?: number): StackGroup[] {
  const lines = stackFrames(recording, stack).map(frame => lineOf(recording, frame))
  if (site !== undefined) tellSite(recording, site, lines)
  if (lines.every(isForeign)) return [{ lines, summary: '' }]
  const groups: StackLine[][] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last && isForeign(last[0]!) === isForeign(line)) last.push(line)
    else groups.push([line])
  }
  return groups.map(group => ({ lines: group, summary: summaryOf(group) }))
}

/** Puts the place of the call on the innermost line of its file. */
function tellSite(recording: Recording, site: number, lines: StackLine[]): void {
  const url = attributeText(recording, site, 'code.file.path')
  const line = attributeNumber(recording, site, 'code.line.number')
  const at = lines.findIndex(line => line.url === url)
  if (at < 0 || line === undefined) return
  const column = attributeNumber(recording, site, 'code.column.number') ?? 1
  lines[at] = { ...lines[at]!, place: `${shortFile(url!)}:${line}`, link: editorLink(url!, line, column) }
}

function lineOf(recording: Recording, frame: number): StackLine {
  const { frames, strings } = recording
  const url = strings[frames.url[frame]!]!
  return {
    name: frameName(recording, frame),
    place: framePlace(recording, frame),
    url,
    link: frameLink(recording, frame),
    owner: url === '' ? 'V8' : frameOwner(recording, frame)
  }
}

function isForeign({ owner }: StackLine): boolean {
  return owner !== ''
}

function summaryOf(lines: readonly StackLine[]): string {
  if (!isForeign(lines[0]!) || lines.length < fewestFolded) return ''
  const owners = new Set(lines.map(({ owner }) => owner))
  return `${lines.length} frames of ${[...owners].join(', ')}`
}
