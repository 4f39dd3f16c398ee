// Records only a part of the program, from within. node part-of-it.js
import { enabled, mark } from 'microlog'

console.log('not recorded')

const sum = await enabled('the slow part', async () => {
  mark('adding up')
  const lengths = await Promise.all([addUp(2e7), addUp(4e7)])
  console.log('added up', lengths.length, 'times')
  return lengths.reduce((a, b) => a + b)
})

console.log('not recorded either:', sum)

async function addUp(count) {
  let total = 0
  for (let i = 0; i < count; i++) total += Math.sqrt(i) % 2
  return Math.round(total)
}
