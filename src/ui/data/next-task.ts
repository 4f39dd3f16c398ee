/** Lets the page paint and answer before the work goes on. */
export function nextTask(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve))
}
