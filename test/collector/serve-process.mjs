// The built `microlog serve` in a process of its own, for tests that kill it.
import { serve } from '../../dist/cli/serve.js'

process.exitCode = await serve.run(process.argv.slice(2))
