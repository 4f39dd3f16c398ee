// Writes to the streams in every way, beside a logger.
import { Readable } from 'node:stream'

process.stdout.write('one ')
process.stdout.write('line\ntwo lines\nof one write\n')
process.stdout.write(Buffer.from('umlaut \u00e4\n').subarray(0, 8))
process.stdout.write(Buffer.from('umlaut \u00e4\n').subarray(8))
console.log('by the console')
process.stderr.write('to stderr\n')
const write = process.stdout.write
process.stdout.write = function (...args) {
  return write.apply(process.stdout, args)
}
console.log('under a wrapper')
process.stdout.write('raw under a wrapper\n')
process.stdout.write = () => true
console.log('swallowed')
process.stdout.write = write
await new Promise(done => Readable.from(['piped\n']).on('end', done).pipe(process.stdout, { end: false }))
process.stdout.write('\u001b[32mgreen\u001b[39m\n\n')
process.stdout.write('without an end')
