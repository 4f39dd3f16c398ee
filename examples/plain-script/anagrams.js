// node anagrams.js [--words 60000]: makes up words, and finds those that are anagrams of each other. Knows nothing of
// telemetry.
import { parseArgs } from 'node:util'

const { values } = parseArgs({ options: { words: { type: 'string', default: '60000' } } })

const words = makeWords(Number(values.words))
console.log(`${words.length} words`)
const groups = groupAnagrams(words)
console.log(`${groups.length} groups of anagrams`)
const [largest = []] = groups
if (largest.length > 20) console.warn(`the largest has ${largest.length} words: is the alphabet too small?`)
console.log(`the largest: ${largest.slice(0, 5).join(', ')} …`)

/** The same ones each time: the numbers from 0 on, written with eight letters and shuffled. */
function makeWords(count) {
  return Array.from({ length: count }, (_, i) => {
    const digits = ((i * 48271) % 2 ** 21).toString(8).padStart(7, '0')
    return digits.replace(/./g, digit => 'aeinorst'[digit])
  })
}

/** Largest first. */
function groupAnagrams(words) {
  const groups = new Map()
  for (const word of words) {
    const key = sortLetters(word)
    groups.set(key, [...(groups.get(key) ?? []), word])
  }
  return [...groups.values()].filter(({ length }) => length > 1).sort((a, b) => b.length - a.length)
}

function sortLetters(word) {
  return [...word].sort((a, b) => a.localeCompare(b)).join('')
}
