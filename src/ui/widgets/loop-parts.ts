// Who held the event loop, as the parts of a bar.
export type LoopPartKind = 'own' | 'others' | 'waiting' | 'unknown'

export interface LoopPart {
  readonly kind: LoopPartKind
  readonly name: string
  /** ns. */
  readonly duration: number
  /** Of all, 0 to 1. */
  readonly share: number
}

/** Of all: less is the edge of a sample. */
const leastUnknown = 0.005

/** @param own what the first part is called */
export function loopParts(sums: Readonly<Record<LoopPartKind, number>>, own: string): LoopPart[] {
  const { others, waiting, unknown } = sums
  const whole = sums.own + others + waiting + unknown
  return [
    { kind: 'own' as const, name: own, duration: sums.own },
    { kind: 'others' as const, name: 'others', duration: others },
    { kind: 'waiting' as const, name: 'nobody: it was idle', duration: waiting },
    ...(unknown > leastUnknown * whole
      ? [{ kind: 'unknown' as const, name: 'not sampled', duration: unknown }]
      : [])
  ].map(part => ({ ...part, share: whole > 0 ? part.duration / whole : 0 }))
}
