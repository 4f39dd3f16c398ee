// Prints, then ends the way argv names.
console.log('first line')
const [way] = process.argv.slice(2)
const last = () => console.log('last line')
if (way === 'own-handler') {
  process.on('SIGTERM', () => {
    last()
    process.exit(7)
  })
}
if (way === 'before-exit') process.on('beforeExit', last)
if (way === 'exit-listener') {
  process.on('exit', last)
  process.exit(4)
}
if (way === 'signal' || way === 'own-handler' || way === 'sigint') {
  if (way !== 'own-handler') last()
  setInterval(() => {}, 1000)
  console.log('ready')
}
if (way === 'natural') setTimeout(last, 50)
if (way === 'exit') {
  last()
  process.exit(5)
}
if (way === 'exit-code') {
  process.exitCode = 6
  last()
}
if (way === 'throw') {
  last()
  throw new Error('nobody catches this')
}
if (way === 'reject') {
  last()
  void Promise.reject(new Error('nobody catches this'))
}
