// Finds products by words that may be misspelt: the edit distance of each word to each word of each name.
import { products } from '../catalogue.js'

const MAX_QUERY_LENGTH = 60

/** The ten best products, best first; at most two wrong letters per word. */
export function searchProducts(query) {
  const words =
    query
      .slice(0, MAX_QUERY_LENGTH)
      .toLowerCase()
      .match(/[a-z]+/g) ?? []
  return products
    .map(product => ({ sku: product.sku, name: product.name, distance: distanceOf(words, product) }))
    .filter(found => found.distance <= 2 * words.length)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 10)
}

function distanceOf(words, product) {
  const names = product.name.toLowerCase().match(/[a-z]+/g)
  return words.reduce((sum, word) => sum + Math.min(...names.map(name => editDistance(word, name))), 0)
}

function editDistance(a, b) {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(replaced, previous[j] + 1, current[j - 1] + 1))
    }
    previous = current
  }
  return previous[b.length]
}
