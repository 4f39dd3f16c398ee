// `enabled`, `start` and `stop` within each other, beside each other and more often than called for. Prints what the
// functions that are recorded gave back.
import { enabled, isRunning, start, stop } from 'microlog'

/** A promise, and what fulfils it. */
const gate = () => {
  let open
  return { passed: new Promise(resolve => (open = resolve)), open }
}
const [shortIsOut, thirdIsOver, fastIsOver] = [gate(), gate(), gate()]
const after = async (earlier, text) => {
  await earlier
  await new Promise(resolve => setTimeout(resolve, 10))
  console.log(text)
  return text
}
const failing = async () => {
  await after(shortIsOut.passed, 'fails')
  throw new Error('its own')
}
const say = (...words) => process.stdout.write(`${words.join(' ')}\n`)

// The first makes a recording, which ends with the last of what began in it.
say(
  ...(await Promise.all([
    enabled('first', () => after(undefined, 'short').finally(shortIsOut.open)),
    enabled('second', () => after(thirdIsOver.passed, 'long')),
    enabled('third', failing).catch(error => {
      thirdIsOver.open()
      return error.message
    })
  ]))
)
say('running', isRunning())

start({ label: 'whole' })
start({ label: 'outer' })
await Promise.all([
  enabled('slow', () => after(fastIsOver.passed, 'in slow')),
  enabled('fast', async () => {
    await after(undefined, 'in fast')
    enabled('inner', () => console.log('in inner'))
  }).then(fastIsOver.open)
])
try {
  enabled('thrown', () => {
    throw new Error('thrown')
  })
} catch (error) {
  say(error.message)
}
await stop()
say('still', isRunning())
await Promise.all([stop(), stop(), stop()])
await stop()
say('running', isRunning())

start({ label: 'again' })
start()
console.log('in again')
await stop()
console.log('unrecorded')
say('running', isRunning())
