import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createNameTest, createRedactor, mask } from '../../../src/instrumentation/logs/redaction.ts'

const redactor = createRedactor()
const isSecretName = createNameTest()
const redactText = redactor.text
const secret = 'hunter2-Zq9'

describe('a secret in the text of a log call is masked', () => {
  test.each([
    ['key=value', `login password=${secret} ok`, `login password=${mask} ok`],
    ['a header line', `Authorization: Bearer ${secret}`, `Authorization: ${mask}`],
    [
      'a header with another scheme',
      `authorization: Digest u="x", response="${secret}"`,
      `authorization: ${mask}`
    ],
    ['cookies', `Cookie: a=${secret}; sid=${secret}`, `Cookie: ${mask}`],
    ['a cookie being set', `set-cookie: sid=${secret}; Path=/`, `set-cookie: ${mask}`],
    ['JSON', JSON.stringify({ token: secret, n: 1 }), `{"token":"${mask}","n":1}`],
    [
      'JSON in JSON',
      JSON.stringify({ body: JSON.stringify({ apiKey: secret }) }),
      JSON.stringify({ body: JSON.stringify({ apiKey: mask }) })
    ],
    ['an inspected object', inspect({ dbPassword: secret, a: 2 }), `{ dbPassword: '${mask}', a: 2 }`],
    ['an inspected map', inspect(new Map([['token', secret]])), `Map(1) { 'token' => '${mask}' }`],
    ['a list under a secret name', inspect({ tokens: [secret, secret] }), `{ tokens: ${mask} }`],
    ['raw headers', inspect(['Cookie', `sid=${secret}`]), `[ 'Cookie', '${mask}' ]`],
    ['a query', `GET /x?access_token=${secret}&page=2`, `GET /x?access_token=${mask}&page=2`],
    ['credentials of a URL', `to postgres://bob:${secret}@db/x`, `to postgres://${mask}@db/x`],
    ['a password with an at sign in a URL', `redis://:a@${secret}@cache:6379`, `redis://${mask}@cache:6379`],
    [
      'environment names',
      `DB_PASS=${secret} STRIPE_SECRET_KEY=${secret}`,
      `DB_PASS=${mask} STRIPE_SECRET_KEY=${mask}`
    ],
    ['a flag and its value', `run --token ${secret} -v`, `run --token ${mask} -v`],
    ['a plain key', `key=${secret}`, `key=${mask}`],
    ['a token without a name', `sent Bearer ${secret}`, `sent Bearer ${mask}`],
    ['quotes inside a quoted value', `{"password":"a\\"${secret}"}`, `{"password":"${mask}"}`],
    ['a value cut short', `{"password":"${secret}`, `{"password":"${mask}"`],
    [
      'a name inside a harmless value',
      inspect({ request: `token=${secret}` }),
      `{ request: 'token=${mask}' }`
    ],
    ['a private key', `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`, mask]
  ])('%s', (_, text, expected) => {
    expect(redactText(text)).toBe(expected)
    expect(redactText(text)).not.toContain(secret)
  })
})

test.each([
  'monkey=banana',
  'tokens: 512 used',
  '12 pass, 3 fail',
  'primaryKey: 17',
  'the author: Jane',
  'https://example.com/@jane',
  'compass: north',
  'password: undefined',
  'keyboard=qwerty'
])('harmless text stays as it is: %s', text => {
  expect(redactText(text)).toBe(text)
})

test('the mask does not tell how long the secret is', () => {
  expect(redactText('token=a')).toBe(redactText(`token=${'a'.repeat(500)}`))
})

test('names are told apart by their words', () => {
  expect(
    ['x-api-key', 'sessionToken', 'passwordHash', 'SECRET_KEY_BASE', 'apikey', 'DB_PWD'].filter(isSecretName)
  ).toHaveLength(6)
  expect(['monkey', 'author', 'keyCode', 'tokenizer', 'public_key', 'bypass'].filter(isSecretName)).toEqual(
    []
  )
})

test('the command line keeps its shape', () => {
  expect(
    redactor.args(['node', 'app.js', '--password', secret, `--api-key=${secret}`, '--port', '80'])
  ).toEqual(['node', 'app.js', '--password', mask, `--api-key=${mask}`, '--port', '80'])
})

test('an attribute with a secret name loses its value, whatever its type', () => {
  expect(redactor.value('user.pin', 1234)).toBe(mask)
  expect(redactor.value('note', 'token=abc')).toBe(`token=${mask}`)
})

test.each([
  'a:',
  'key="',
  'password=',
  '\\"',
  'token: [',
  'x://',
  'a',
  'eyJaaaaaaaa.',
  '--key ',
  '-----BEGIN PRIVATE KEY-----'
])('hostile text is done in one pass: %s', part => {
  // Quadratic work on this much text would run into the suite's time limit.
  expect(redactText('key ' + part.repeat(1e6 / part.length))).toBeTypeOf('string')
})

describe("names of the program's own", () => {
  const own = createRedactor(['customerNumber', /^x-shop-/gi])

  test('are secrets wherever they stand, however they are spelt', () => {
    expect(own.value('customer_number', 17)).toBe(mask)
    expect(own.text('customerNumber=4711 found')).toBe(`customerNumber=${mask} found`)
    expect(own.text('{"Customer-Number":"4711"}')).toBe(`{"Customer-Number":"${mask}"}`)
    expect(own.args(['--customer-number', '4711'])).toEqual(['--customer-number', mask])
    // An expression with a place of its own would find only every other one.
    for (let i = 0; i < 3; i++) expect(own.value(`X-Shop-${i}`, 'abc')).toBe(mask)
  })

  test('come on top of those that always are', () => {
    expect(own.text(`password=${secret}`)).toBe(`password=${mask}`)
    expect(own.value('order', 'customer 4711')).toBe('customer 4711')
  })
})
