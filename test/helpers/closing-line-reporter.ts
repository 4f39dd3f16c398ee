// Closes every test run with the names of what failed, a line each, and one plain line, `N passed, N failed`, for people
// and machines that read only the end. A file that couldn't be loaded and an error outside of any test count as failures.
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node'

export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap(module => [...module.children.allTests()])
    const inState = (state: string): TestCase[] => tests.filter(test => test.result().state === state)
    const failures = [
      ...inState('failed').map(test => `${test.module.relativeModuleId} > ${test.fullName}`),
      ...modules.filter(module => module.errors().length > 0).map(module => module.relativeModuleId),
      ...unhandledErrors.map(error => `outside of any test: ${error.message}`)
    ]
    const lines = [
      ...failures.map(failure => `failed: ${failure.replaceAll('\n', ' ')}`),
      `${inState('passed').length} passed, ${failures.length} failed`
    ]
    // After the other reporters' own last words, which they print in the same turn.
    setImmediate(() => process.stdout.write(`${lines.join('\n')}\n`))
  }
}
