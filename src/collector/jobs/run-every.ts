export interface Repeated {
  /** Waits for the run that is under way. */
  stop(): Promise<void>
}

/**
 * Runs again and again until it is stopped, so long after the end of the run before: never two at once.
 * @param run must not throw
 */
export function runEvery(everyMs: number, run: () => Promise<unknown>, firstMs = everyMs): Repeated {
  let running: Promise<unknown> | undefined
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  const schedule = (ms: number): void => {
    timer = setTimeout(() => {
      running = run().finally(() => {
        if (!isStopped) schedule(everyMs)
      })
    }, ms).unref()
  }
  schedule(firstMs)
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    }
  }
}
