// Prices a few baskets: the functions that take the time, and the lines that log, show up as those of these files.
import { priceBasket } from './price-basket.js'
import { readBaskets } from './read-baskets.js'

const seconds = Number(process.argv[2] ?? 2)
const until = Date.now() + seconds * 1000

let priced = 0
while (Date.now() < until) {
  for (const basket of readBaskets()) {
    priceBasket(basket)
    priced++
  }
}
console.log(`priced ${priced > 0 ? 'baskets' : 'nothing'}`)

try {
  priceBasket({ customer: 'nobody', lines: [] })
} catch (error) {
  console.error('could not price it', error)
}
