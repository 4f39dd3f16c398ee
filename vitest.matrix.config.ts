// npm run test:matrix: the same checks on other releases of Node and of the OpenTelemetry SDK, and beside other tools.
// Apart from the tests of every day, for these install packages and compile.
import { defineConfig } from 'vitest/config'
import { ClosingLineReporter } from './test/helpers/closing-line-reporter.ts'

export default defineConfig({
  test: {
    include: ['test/matrix/**/*.test.ts'],
    globalSetup: ['test/matrix/build-once.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // These limits only catch what hangs; hooks may install packages and compile one.
    testTimeout: 180_000,
    hookTimeout: 600_000,
    teardownTimeout: 20_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', new ClosingLineReporter()]
  }
})
