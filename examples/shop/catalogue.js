// What the shop sells: 240 made-up products, the same ones at every start. Prices in cents.
const makers = ['Alder', 'Birch', 'Cedar', 'Elm', 'Hazel', 'Linden', 'Maple', 'Willow']
const kinds = ['chair', 'desk', 'lamp', 'mug', 'notebook', 'shelf', 'stool', 'table', 'tray', 'vase']
const sizes = ['small', 'regular', 'large']

export const products = kinds.flatMap((kind, k) =>
  makers.flatMap((maker, m) =>
    sizes.map((size, s) => ({
      sku: `${kind}-${maker}-${size}`.toLowerCase(),
      name: `${maker} ${kind}, ${size}`,
      kind,
      priceCents: 900 + k * 1700 + m * 350 + s * 1200,
      weightGrams: 150 + ((k * 977 + m * 131 + s * 53) % 9000),
      description: `A ${size} ${kind} by ${maker}. `.repeat(6).trim()
    }))
  )
)

const bySku = new Map(products.map(product => [product.sku, product]))

/** The product, or undefined where we don't sell such a thing. */
export function findProduct(sku) {
  return bySku.get(sku)
}

/** Other makers' products of the same kind and size. */
export function alternativesTo(product, count) {
  const size = product.sku.slice(product.sku.lastIndexOf('-'))
  return products
    .filter(other => other.kind === product.kind && other.sku !== product.sku && other.sku.endsWith(size))
    .slice(0, count)
}
