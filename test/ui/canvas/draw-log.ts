// Stands in for a canvas and keeps what was drawn on it as text, one line a call. Letters are 6 pixels wide.
import type { Painter } from '../../../src/ui/canvas/painter.ts'

export interface DrawLog {
  readonly painter: Painter
  readonly lines: string[]
}

export function createDrawLog(): DrawLog {
  const lines: string[] = []
  let path: string[] = []
  const n = (value: number): string => String(Math.round(value * 100) / 100)
  const at = (...values: number[]): string => values.map(n).join(' ')
  const painter: Painter = {
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 1,
    font: '',
    textBaseline: 'alphabetic',
    textAlign: 'start',
    globalAlpha: 1,
    imageSmoothingEnabled: true,
    fillRect: (...box) => lines.push(`rect ${at(...box)} ${painter.fillStyle as string}`),
    strokeRect: (...box) => lines.push(`outline ${at(...box)} ${painter.strokeStyle as string}`),
    clearRect: (...box) => lines.push(`clear ${at(...box)}`),
    fillText: (text, x, y) => lines.push(`text “${text}” ${at(x, y)} ${painter.fillStyle as string}`),
    measureText: text => ({ width: text.length * 6 }) as TextMetrics,
    beginPath: () => (path = []),
    moveTo: (x, y) => path.push(`move ${at(x, y)}`),
    lineTo: (x, y) => path.push(`line ${at(x, y)}`),
    arc: (x, y, radius) => path.push(`circle ${at(x, y, radius)}`),
    fill: () => lines.push(`fill ${path.join(', ')} ${painter.fillStyle as string}${alpha(painter)}`),
    stroke: () => lines.push(`stroke ${path.join(', ')} ${painter.strokeStyle as string}${alpha(painter)}`),
    drawImage: (_image: CanvasImageSource, ...box: number[]) => lines.push(`image ${at(...box)}`)
  }
  return { painter, lines }
}

function alpha({ globalAlpha }: Painter): string {
  return globalAlpha === 1 ? '' : ` at ${globalAlpha}`
}
