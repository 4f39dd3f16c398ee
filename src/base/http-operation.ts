// What HTTP requests are told apart by. Where nothing knew the route, OpenTelemetry names a span by its method alone, and
// the attributes say what was asked for.

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY']
const methodsOnly: ReadonlySet<string> = new Set(['HTTP', ...methods, ...methods.map(name => `HTTP ${name}`)])

/** Whether a span's name is an HTTP method and nothing else. */
export function isMethodOnly(name: string): boolean {
  return methodsOnly.has(name)
}

const serverKeys = ['http.route', 'url.path', 'http.target', 'url.full', 'http.url']
/** A client asks many hosts: its whole URL comes first. */
const clientKeys = ['url.template', 'url.full', 'http.url', 'url.path', 'http.target']

/**
 * The route, else the path without its query ('/orders/7'; of a client with its host, 'shop:3000/orders/7'); '' where no
 * attribute tells. @param read the text of an attribute; '' or undefined where there is none
 */
export function requestPath(isClient: boolean, read: (key: string) => string | undefined): string {
  for (const key of isClient ? clientKeys : serverKeys) {
    const text = read(key)
    if (text) return plainPath(text, isClient)
  }
  return ''
}

/** Without scheme, user, query and fragment, and of a server without its host. */
function plainPath(text: string, isClient: boolean): string {
  const [, host = '', path = ''] = /^(?:[a-z]+:\/\/(?:[^/?#]*@)?([^/?#]*))?([^?#]*)/i.exec(text)!
  return isClient ? host + path : path || (host && '/')
}

/** What the paths of one operation have in common: '/orders/*' for '/orders/7'. Numbers and ids stand for any. */
export function pathPattern(path: string): string {
  // A list may have a million of them: most parts are words, which this sees by their first letter.
  let pattern = ''
  for (let from = 0; ;) {
    const slash = path.indexOf('/', from)
    const to = slash < 0 ? path.length : slash
    const part = path.slice(from, to)
    pattern += isHexDigit(path.charCodeAt(from)) && isId(part) ? '*' : part
    if (slash < 0) return pattern
    pattern += '/'
    from = to + 1
  }
}

/** What ids begin with. */
function isHexDigit(code: number): boolean {
  const lower = code | 0x20
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x66)
}

const number = /^\d+$/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** With a digit among them: words are no ids. */
const longHex = /^(?=.*\d)[0-9a-f]{16,}$/i

function isId(part: string): boolean {
  return number.test(part) || uuid.test(part) || longHex.test(part)
}

/** What traces are told apart by: 'GET /orders/*', or the name of their root where that says it. */
export function operationOf(name: string, path = ''): string {
  return path === '' ? name : `${name} ${pathPattern(path)}`
}
