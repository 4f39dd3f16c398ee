import type { Redactor } from '../logs/redaction.ts'

/** What tells how the runtime was set up, and seldom holds a secret. All else may. */
const usual = [
  'NODE_ENV',
  'NODE_OPTIONS',
  'NODE_DEBUG',
  'NODE_EXTRA_CA_CERTS',
  'UV_THREADPOOL_SIZE',
  'DEBUG',
  'TZ',
  'LANG',
  'LC_ALL'
]

/** The environment by allow-list, as resource attributes; `SHOP_*` stands for all names that begin so. */
export function recordedEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  further: readonly string[],
  redactor: Redactor
): Record<string, string> {
  const wanted = [...usual, ...further]
  const names = new Set(wanted.filter(name => !name.endsWith('*')))
  const beginnings = wanted.filter(name => name.endsWith('*')).map(name => name.slice(0, -1))
  const recorded: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '') continue
    if (names.has(name) || beginnings.some(beginning => name.startsWith(beginning))) {
      recorded[`process.environment_variable.${name}`] = redactor.value(name, value.slice(0, longestValue))
    }
  }
  return recorded
}

const longestValue = 1024
