/** Waits so long, and on until somebody looks at the page; no longer than the signal allows. */
export function waitVisible(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const check = () => {
      if (document.visibilityState === 'hidden' && !signal.aborted) return
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', check)
      signal.removeEventListener('abort', check)
      resolve()
    }
    const timer = setTimeout(() => {
      document.addEventListener('visibilitychange', check)
      check()
    }, ms)
    signal.addEventListener('abort', check)
  })
}
