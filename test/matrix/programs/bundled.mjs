import { enabled } from 'microlog'

const result = enabled('bundled', () => {
  console.log('in the bundle')
  return 'result'
})
process.stdout.write(`${result}\n`)
