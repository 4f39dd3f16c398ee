// Where the names of the nodes stand, so that none lies on another one or on another node: the first ones choose first; a
// large node without room around it has its name on it, a small one is named under the pointer only.
export interface LabelledNode {
  /** Its middle, CSS pixels. */
  readonly x: number
  readonly y: number
  /** Of its symbol. */
  readonly size: number
  readonly text: string
}

export type LabelSide = 'bottom' | 'top' | 'right' | 'left' | 'inside'

export interface LabelBox {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** CSS pixels; how wide a character is only roughly. */
const characterWidth = 6.3
const lineHeight = 15
export const labelDistance = 3
const besides: readonly LabelSide[] = ['bottom', 'top', 'right', 'left']
/** Of a symbol that is still seen around a line of text, CSS pixels. */
const smallestAround = 2 * lineHeight

/**
 * @param widest of a name, CSS pixels: longer ones are cut
 * @param taken what lies on top of the picture
 * @returns by node; undefined where there is no room
 */
export function placeLabels(
  nodes: readonly LabelledNode[],
  widest: number,
  picture: LabelBox,
  taken: readonly LabelBox[] = []
): (LabelSide | undefined)[] {
  const symbols = nodes.map(({ x, y, size }) => boxAround(x, y, size, size))
  const labels: LabelBox[] = [...taken]
  return nodes.map((node, i) => {
    const sides = node.size < smallestAround ? besides : [...besides, 'inside' as const]
    const side = sides.find(side => {
      const box = labelBox(node, side, widest)
      return (
        isInside(box, picture) &&
        !labels.some(other => overlap(box, other)) &&
        !symbols.some((symbol, other) => other !== i && overlap(box, symbol))
      )
    })
    if (side) labels.push(labelBox(node, side, widest))
    return side
  })
}

function labelBox({ x, y, size, text }: LabelledNode, side: LabelSide, widest: number): LabelBox {
  const width = Math.min(widest, text.length * characterWidth)
  const away = size / 2 + labelDistance
  if (side === 'inside') return boxAround(x, y, width, lineHeight)
  if (side === 'bottom') return boxAround(x, y + away + lineHeight / 2, width, lineHeight)
  if (side === 'top') return boxAround(x, y - away - lineHeight / 2, width, lineHeight)
  return boxAround(side === 'right' ? x + away + width / 2 : x - away - width / 2, y, width, lineHeight)
}

function boxAround(x: number, y: number, width: number, height: number): LabelBox {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 }
}

function overlap(a: LabelBox, b: LabelBox): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

function isInside(box: LabelBox, { left, top, right, bottom }: LabelBox): boolean {
  return box.left >= left && box.right <= right && box.top >= top && box.bottom <= bottom
}
