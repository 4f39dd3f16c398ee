/** Where was clicked, in CSS pixels of the window. */
export interface Anchor {
  readonly clientX: number
  readonly clientY: number
}

interface Size {
  readonly width: number
  readonly height: number
}

/** CSS pixels between panel, anchor and the window's edges. */
const air = 12

/** Below and right of the anchor where there is room, else on its other side; at the top right without an anchor. */
export function placePanel(anchor: Anchor | undefined, panel: Size, window: Size): { x: number; y: number } {
  const mostX = Math.max(air, window.width - panel.width - air)
  const mostY = Math.max(air, window.height - panel.height - air)
  if (!anchor) return { x: mostX, y: Math.min(mostY, 160) }
  const right = anchor.clientX + air
  const below = anchor.clientY + air
  const x = right <= mostX ? right : Math.max(air, Math.min(mostX, anchor.clientX - panel.width - air))
  const y = below <= mostY ? below : Math.max(air, Math.min(mostY, anchor.clientY - panel.height - air))
  return { x, y }
}
