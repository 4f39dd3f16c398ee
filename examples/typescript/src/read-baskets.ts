export interface Line {
  readonly article: string
  readonly count: number
  readonly cents: number
}

export interface Basket {
  readonly customer: string
  readonly lines: readonly Line[]
}

export function readBaskets(): Basket[] {
  return Array.from({ length: 200 }, (_, customer) => ({
    customer: `customer ${customer}`,
    lines: Array.from({ length: 1 + (customer % 7) }, (_, line) => ({
      article: `article ${line}`,
      count: 1 + (line % 3),
      cents: 100 * (line + 1)
    }))
  }))
}
