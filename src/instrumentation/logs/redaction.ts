// Secrets are masked before anything leaves the process: of log calls in the sender's thread. The mask's length is fixed: it tells nothing.
// Every expression here is linear: names are at most 80 characters and start only where no name is running.

export const mask = '********'

/** A name whose value is a secret, or a function that gets a name ('' for a text) and what stands there, and gives what may be kept. */
export type RedactRule = string | RegExp | RedactFunction
export type RedactFunction = (name: string, text: string) => string
/** What can be handed to another thread. */
export type RedactPattern = string | RegExp

export interface Redactor {
  /** Masks secrets in the text of a log call, an argument or an address. */
  text(text: string): string
  /** Masks a value that has a name: an attribute, an environment variable. */
  value<Value>(name: string, value: Value): Value | string
  /** Masks argv: `--token abc`, `--token=abc`, `-p…` stay readable but for their secrets. */
  args(args: readonly string[]): string[]
}

/** The rules come on top of what is always masked. */
export function createRedactor(rules: readonly RedactRule[] = []): Redactor {
  const functions = rules.filter(rule => typeof rule === 'function')
  const isSecret = createNameTest(patternsOf(rules))
  const hasPatterns = functions.length < rules.length

  const text = (text: string): string => {
    // Of names of the program's own, only that a value follows one can be told this fast.
    if (!suspicious.test(text) && !(hasPatterns && /[:=]/.test(text))) return text
    let result = text
    if (result.includes('://')) result = result.replace(urlCredentials, `$1${mask}@`)
    if (result.includes('-----BEGIN')) result = result.replace(privateKeyBlock, mask)
    return redactAssignments(result, isSecret)
      .replace(headerPair, `$1${mask}$2`)
      .replace(authScheme, `$1 ${mask}`)
      .replace(wellKnownShape, mask)
  }
  const asked = (name: string, value: string): string =>
    functions.reduce((kept, ask) => safely(() => ask(name, kept)), value)
  return {
    text: functions.length === 0 ? text : value => asked('', text(value)),
    value(name, value) {
      if (isSecret(name) && !isCount(name, String(value))) return mask
      return typeof value === 'string' ? asked(name, text(value)) : value
    },
    args: args =>
      args.map((arg, i) => {
        const flag = i > 0 ? /^--?([A-Za-z][\w.-]{0,80})$/.exec(args[i - 1]!) : null
        return flag && isSecret(flag[1]!) && !arg.startsWith('-') ? mask : asked('', text(arg))
      })
  }
}

/** The rules that another thread can follow, too. */
export function patternsOf(rules: readonly RedactRule[]): RedactPattern[] {
  return rules.filter(rule => typeof rule !== 'function')
}

/** What the program's own function can't answer for isn't shown. */
function safely(ask: () => unknown): string {
  try {
    const kept = ask()
    return typeof kept === 'string' ? kept : mask
  } catch {
    return mask
  }
}

type NameTest = (name: string) => boolean

/** True for a name whose value must not be seen. */
export function createNameTest(patterns: readonly RedactPattern[] = []): NameTest {
  const names = new Set(patterns.filter(pattern => typeof pattern === 'string').map(plainName))
  // Flags that keep a place between two tests would hide every other secret.
  const expressions = patterns
    .filter(pattern => typeof pattern !== 'string')
    .map(({ source, flags }) => new RegExp(source, flags.replace(/[gy]/g, '')))
  // A program logs under the same few names over and over.
  const known = new Map<string, boolean>()
  return name => {
    const before = known.get(name)
    if (before !== undefined) return before
    const secret =
      looksSecret(name) || names.has(plainName(name)) || expressions.some(pattern => pattern.test(name))
    if (known.size < mostKnownNames && name.length < 100) known.set(name, secret)
    return secret
  }
}

/** `customerNumber`, `customer_number` and `Customer-Number` are one name. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}

const mostKnownNames = 1000

function looksSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  if (words.some(word => alwaysSecret.test(word))) return true
  const last = words.findLast(word => word !== '' && !trailer.test(word))
  if (last === undefined) return false
  const before = words[words.lastIndexOf(last) - 1]
  if (/^keys?$/.test(last)) return before === undefined || !plainKeys.has(before)
  return secretAtEnd.test(last)
}

const alwaysSecret = /passw(?:or)?d|passphrase|passcode|secret|credential|authori[sz]ation$/
const secretAtEnd =
  /^(?:auth|cookies?|pass|pwd|pw|jwt|bearer|sid|dsn|signature|otp|pin|\w*tokens?|(?:session|access)id|(?:api|access|auth|private|secret|signing|encryption|master|account|client|session|shared|ingest|view)keys?|(?:user|db|pg|admin|root|redis)pass)$/
const trailer = /^(?:value|header|headers|hash|base|base64|string|raw|data|plain|[0-9]+)$/
const plainKeys = new Set([
  'primary',
  'foreign',
  'sort',
  'cache',
  'partition',
  'public',
  'hash',
  'object',
  'index',
  'row'
])

/** `tokens: 512`, `pass: 12`: numbers under names that count as often as they hide. */
function isCount(name: string, value: string): boolean {
  return /(?:tokens|keys|cookies|pass)$/i.test(name) && /^\d{1,7}$/.test(value)
}

// What makes a text worth the costlier passes below.
const suspicious =
  /auth|cookie|token|pass|pwd|pw|secret|credential|key|jwt|sid|dsn|signature|otp|pin|accessid|sessionid|bearer|basic|eyJ|AKIA|gh[pousr]_|xox|sk-|:\/\/|PRIVATE/i

const urlCredentials = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#"'`<>\\]{1,512}@/gi
const privateKeyBlock =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g
const authScheme = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,8192}/gi
const wellKnownShape =
  /\b(?:eyJ[\w-]{8,8192}\.[\w-]{8,8192}(?:\.[\w-]{0,8192})?|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,255}|xox[abprs]-[A-Za-z0-9-]{10,255}|sk-[\w-]{20,255})/g
// ['authorization', 'Bearer …'], as raw headers are logged.
const headerPair =
  /(["'](?:proxy-)?(?:authorization|(?:set-)?cookie|x-api-key|x-auth-token)["']\s?,\s?["'])[^"'\n]{1,8192}(["'])/gi

// A name with the quotes that close it, then what stands between it and its value.
const nameAndSeparator =
  /(?<![\w.-])(--)?([A-Za-z_][\w.-]{0,79})\\{0,4}["'`]?(?:\s{0,4}(?:=>|:|=)\s{0,4}|(?<=--[\w.-]{1,80})\s)/g
// Quoted (also inside escaped JSON), a list, or bare: an authorization with its scheme, cookies up to their last pair.
const valueShapes = [
  /"(?:[^"\\]|\\[^])*(?:"|$)|'(?:[^'\\]|\\[^])*(?:'|$)|`(?:[^`\\]|\\[^])*(?:`|$)/,
  /(\\{1,4}["'`])[^]*?(?:\1|$)/,
  /\[[^\]]{0,8192}\]?/,
  /(?:Digest|AWS4-HMAC-SHA256|OAuth|Signature)\s[^\n]*|(?:Bearer|Basic|Token)\s+[^\s,;"'`)\]}]+/,
  /[^\s,;&"'`)\]}{[]+(?:;\s?[\w.-]+=[^\s;,"']+)*/
]
const valueThere = new RegExp(valueShapes.map(shape => shape.source).join('|'), 'iy')
const plainValue = /^(?:true|false|null|undefined|none)$/i

function redactAssignments(text: string, isSecret: NameTest): string {
  let result = ''
  let from = 0
  for (const match of text.matchAll(nameAndSeparator)) {
    const at = match.index + match[0].length
    const name = match[2]!
    if (match.index < from || !isSecret(name)) continue
    valueThere.lastIndex = at
    const value = valueThere.exec(text)?.[0]
    if (value === undefined || isCount(name, value) || plainValue.test(value)) continue
    const quote = /^\\*["'`]/.exec(value)?.[0] ?? ''
    result += text.slice(from, at) + quote + mask + quote
    from = at + value.length
  }
  return from === 0 ? text : result + text.slice(from)
}
