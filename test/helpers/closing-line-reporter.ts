// Closes every test run with one plain line, `N passed, N failed`, for people and machines that read only the end.
// A file that couldn't be loaded and an error outside of any test count as failures.
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const states = modules.flatMap(module => [...module.children.allTests()].map(test => test.result().state))
    const passed = states.filter(state => state === 'passed').length
    const failedTests = states.filter(state => state === 'failed').length
    const brokenFiles = modules.filter(module => module.errors().length > 0).length
    const failed = failedTests + brokenFiles + unhandledErrors.length
    // After the other reporters' own last words, which they print in the same turn.
    setImmediate(() => process.stdout.write(`${passed} passed, ${failed} failed\n`))
  }
}
