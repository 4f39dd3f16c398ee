// Works and prints numbered lines, a hundred a second at best, until somebody ends it.
let number = 0
setInterval(() => {
  const until = performance.now() + 3
  while (performance.now() < until) Math.sqrt(number)
  console.log(`line ${number++} at ${Date.now()}`)
}, 10)
