import { types } from 'node:util'

const mostCauses = 5

/**
 * Of an error, or of what a logger's serializer made of one. Never throws, whatever the object is
 * (https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/).
 */
export function exceptionAttributes(error: unknown): Record<string, string> {
  const attributes: Record<string, string> = {}
  try {
    if (typeof error !== 'object' || error === null || types.isProxy(error)) return attributes
    const { name, type, message } = error as { name?: unknown; type?: unknown; message?: unknown }
    const kind = typeof type === 'string' ? type : name
    if (typeof kind === 'string') attributes['exception.type'] = kind
    if (typeof message === 'string') attributes['exception.message'] = message
    const stack = stackOf(error)
    if (stack !== '') attributes['exception.stacktrace'] = stack
    return attributes
  } catch {
    // A getter of the program's threw: what came before it stands.
    return attributes
  }
}

/** Of a stack that is handed on as text. */
export function exceptionOfStack(stack: unknown): Record<string, string> {
  if (typeof stack !== 'string' || stack === '') return {}
  const [, type, message = ''] =
    /^(?:Uncaught )?([A-Z]\w*(?:Error|Exception)\w*)(?:: (.*))?\n/.exec(stack) ?? []
  const attributes = { 'exception.stacktrace': stack }
  return type === undefined
    ? attributes
    : { 'exception.type': type, 'exception.message': message, ...attributes }
}

/** With the stacks of its causes below it. */
function stackOf(error: object): string {
  const stacks: string[] = []
  let at: unknown = error
  for (let i = 0; i < mostCauses && typeof at === 'object' && at !== null && !types.isProxy(at); i++) {
    const { stack, message, cause } = at as { stack?: unknown; message?: unknown; cause?: unknown }
    const text = typeof stack === 'string' ? stack : typeof message === 'string' && i > 0 ? message : ''
    // Some serializers have put the causes into the first stack themselves.
    if (text !== '' && !stacks.some(known => known.includes(text))) stacks.push(text)
    at = cause
  }
  return stacks.join('\ncaused by: ')
}
