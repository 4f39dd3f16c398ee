// The package's own functions, in a program without an SDK.
import { enabled, isRunning, mark, start, stop } from 'microlog'

console.log('before')
const sum = enabled('sync range', () => {
  console.log('in sync', isRunning())
  return 42
})
const text = await enabled('async range', async () => {
  await new Promise(resolve => setTimeout(resolve, 20))
  console.log('in async')
  return 'done'
})
const error = await enabled('failing range', async () => Promise.reject(new Error('its own'))).catch(
  e => e.message
)
start({ label: 'started' })
mark('a mark')
enabled('inner range', () => console.log('in inner'))
await stop()
console.log('after', sum, text, error, isRunning())
