// The front page's template. Compiled at the first visit, so that the visit's flame graph shows it.
import Handlebars from 'handlebars'
import { products } from '../catalogue.js'

Handlebars.registerHelper('euros', cents => `€${(cents / 100).toFixed(2)}`)

const page = Handlebars.compile(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>The shop</title></head>
<body>
<h1>Today's pieces</h1>
<ul>{{#each featured}}<li><b>{{name}}</b> {{euros priceCents}} {{#if available}}({{available}} left){{else}}sold out{{/if}}</li>
{{/each}}</ul>
<h2>Everything</h2>
{{#each kinds}}<h3>{{kind}}</h3>
<ul>{{#each items}}<li><a href="/products/{{sku}}">{{name}}</a> {{euros priceCents}} <small>{{description}}</small></li>
{{/each}}</ul>
{{/each}}
</body>
</html>
`)

/** HTML; `levels` are the featured products' numbers in stock, in the same order. */
export function renderFrontPage(featured, levels) {
  return page({
    featured: featured.map((product, index) => ({ ...product, available: levels[index] })),
    kinds: groupByKind()
  })
}

function groupByKind() {
  const groups = new Map()
  for (const product of products) {
    const group = groups.get(product.kind) ?? { kind: product.kind, items: [] }
    group.items.push(product)
    groups.set(product.kind, group)
  }
  return [...groups.values()]
}
