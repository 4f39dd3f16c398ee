/** Whether keys typed there are text of the user's, and not for the page. */
export function isField(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.matches('input:not([type="checkbox"]), textarea, select, [contenteditable]')
  )
}
