// Two stretches of a recording: a short one, and one that takes its time.
import { enabled } from '../../../dist/instrumentation/index.js'

await enabled('short', () => 1)
await enabled('long', () => new Promise(resolve => setTimeout(resolve, 1100)))
