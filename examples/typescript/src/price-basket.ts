import type { Basket, Line } from './read-baskets.js'

/** Types like this one are gone from the compiled file: its lines are others than these. */
export interface Price {
  readonly customer: string
  readonly cents: number
  readonly discount: number
}

export function priceBasket({ customer, lines }: Basket): Price {
  if (lines.length === 0) throw new RangeError(`${customer} has nothing to price`)
  const cents = lines.reduce((sum: number, line: Line): number => sum + priceLine(line), 0)
  const discount = findDiscount(lines)
  return { customer, cents: Math.round(cents * (1 - discount)), discount }
}

function priceLine(line: Line): number {
  return line.count * line.cents
}

/** Tries every combination of articles, which takes a while: that is what the flame chart shows. */
function findDiscount(lines: readonly Line[]): number {
  let best = 0
  for (let chosen = 1; chosen < 1 << Math.min(16, lines.length * 2); chosen++) {
    let weight = 0
    lines.forEach((line: Line, at: number): void => {
      if (chosen & (1 << at)) weight += Math.sqrt(line.cents)
    })
    best = Math.max(best, Math.min(0.2, weight / 1000))
  }
  return best
}
