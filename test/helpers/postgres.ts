// A PostgreSQL of its own for a test: in a temporary folder, on a free port, with a password.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'

const installCommand = 'sudo apt-get install -y postgresql'
const password = 'not-to-be-told'
const startMs = 60_000

export interface Postgres {
  /** postgres://…, with its password. */
  url: string
  password: string
  /** It is away until `start`. */
  stop(): Promise<void>
  start(): Promise<void>
  query(text: string): Promise<Record<string, unknown>[]>
}

/** The folder of its programs: MICROLOG_POSTGRES, else the newest that Debian installs, else one of the usual places. */
export function findPostgres(env = process.env): string {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const places = env['MICROLOG_POSTGRES']
    ? [env['MICROLOG_POSTGRES']]
    : [
        ...versions.map(version => join(debian, version, 'bin')),
        '/usr/bin',
        '/usr/local/bin',
        '/opt/homebrew/bin'
      ]
  const found = places.find(place => existsSync(join(place, 'initdb')))
  if (found !== undefined) return found
  throw new Error(`No PostgreSQL was found. Install one with: ${installCommand}`)
}

export async function startPostgres(): Promise<Postgres> {
  const programs = findPostgres()
  const root = mkdtempSync(join(tmpdir(), 'microlog-postgres-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const secret = join(root, 'password')
  writeFileSync(secret, password)
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? nobody() : undefined
  if (user) for (const path of [root, secret]) chownSync(path, user.uid, user.gid)
  chmodSync(root, 0o700)
  const data = join(root, 'data')
  const initial = [
    '-D',
    data,
    '-U',
    'microlog',
    '-A',
    'scram-sha-256',
    '--pwfile',
    secret,
    '-E',
    'UTF8',
    '--no-sync'
  ]
  execFileSync(join(programs, 'initdb'), initial, { ...user, stdio: 'ignore', cwd: root })
  const port = await freePort()
  const url = `postgres://microlog:${password}@127.0.0.1:${port}/postgres`
  const settings = [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${root}`,
    '-p',
    String(port)
  ]

  let running: ReturnType<typeof spawn> | undefined
  async function query(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text)).rows
    } finally {
      await client.end()
    }
  }
  async function start(): Promise<void> {
    const options = { ...user, stdio: 'ignore', cwd: root } as const
    running = spawn(join(programs, 'postgres'), ['-D', data, ...settings], options)
    const deadline = Date.now() + startMs
    for (;;) {
      try {
        await query('SELECT 1')
        return
      } catch (thrown) {
        if (Date.now() > deadline) throw thrown
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    }
  }
  async function stop(): Promise<void> {
    const ending = running
    running = undefined
    if (!ending || ending.exitCode !== null) return
    const gone = once(ending, 'exit')
    // At once, its connections are cut.
    ending.kill('SIGQUIT')
    await gone
  }
  onTestFinished(stop)
  await start()
  return { url, password, start, stop, query }
}

function nobody(): { uid: number; gid: number } {
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
