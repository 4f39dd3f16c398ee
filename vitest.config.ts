// One process per test file, so that a profiler, a global API or a signal handler of one never meets another's.
import { configDefaults, defineConfig } from 'vitest/config'
import { ClosingLineReporter } from './test/helpers/closing-line-reporter.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Other releases of Node and of the SDKs, installed when first asked for: vitest.matrix.config.ts.
    exclude: [...configDefaults.exclude, 'test/matrix/**'],
    pool: 'forks',
    maxWorkers: 2,
    // Many tests start real processes on machines that are busy: these limits only catch what hangs.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', new ClosingLineReporter()]
  }
})
