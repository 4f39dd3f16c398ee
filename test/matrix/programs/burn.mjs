// Burns a second in slices, says so, and ends with a code of its own: beside other profilers.
import { setTimeout as sleep } from 'node:timers/promises'

function burnSlice() {
  const until = performance.now() + 50
  let sum = 0
  while (performance.now() < until) sum += Math.sqrt(sum + 1)
  return sum
}

for (let slice = 0; slice < 20; slice++) {
  burnSlice()
  await sleep(2)
}
console.log('burnt')
// Some profilers would keep it alive.
process.exit(4)
