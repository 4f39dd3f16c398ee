// Who owns a journal folder. Owners are numbered: lease.1, lease.2 … and the highest one owns it; a number is taken
// by linking, so of two that want it one gets it. An owner is dead when its process is, or, where that can't be
// seen (another host or container), when it has not renewed its lease for a while.
import { randomBytes } from 'node:crypto'
import { link, readFile, readdir, readlink, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { systemCode } from '../../base/errors.ts'
import { fileMode } from './durable-folder.ts'

export interface Lease {
  /** Says that the owner is alive; false when another one has taken over meanwhile. */
  renew(): Promise<boolean>
  release(): Promise<void>
}

/** Renew at least three times as often. */
export const leaseLapsesAfterMs = 60_000

interface Owner {
  /** Host, boot and process namespace: where its pid means something. */
  place: string
  pid: number
  /** Tells the process from a later one with its pid; '' where the system doesn't say. */
  started: string
  /** Device and inode of the folder, so that a copy of it is known for one; leases of earlier releases have none. */
  folder?: string
}

const leaseName = /^lease\.(\d{1,9})$/

/** The lease of the folder, or undefined while somebody alive has it or it is gone. */
export async function takeLease(folder: string): Promise<Lease | undefined> {
  const names = await readdir(folder).catch((thrown: unknown) => {
    if (systemCode(thrown) === 'ENOENT') return undefined
    throw thrown
  })
  if (names === undefined) return undefined
  const number = Math.max(0, ...names.map(name => Number(leaseName.exec(name)?.[1] ?? 0)))
  if (number > 0 && (await isAlive(folder, `lease.${number}`))) return undefined
  const path = join(folder, `lease.${number + 1}`)
  const identity = await identityOf(folder)
  if (identity === undefined) return undefined
  const owner = { ...(await describeOwner(process.pid)), folder: identity }
  if (!(await createFile(folder, path, JSON.stringify(owner)))) return undefined
  if (number > 0) await unlink(join(folder, `lease.${number}`)).catch(ignoreMissing)
  return {
    async renew() {
      try {
        const now = new Date()
        await utimes(path, now, now)
      } catch (thrown) {
        if (systemCode(thrown) === 'ENOENT') return false
        throw thrown
      }
      return true
    },
    release: () => unlink(path).catch(ignoreMissing)
  }
}

/** Writes it aside, then links it: it is never seen half written. False when the name is taken or the folder gone. */
async function createFile(folder: string, path: string, text: string): Promise<boolean> {
  const draft = join(folder, `draft.${randomBytes(8).toString('hex')}`)
  try {
    await writeFile(draft, text, { mode: fileMode, flag: 'wx' })
    await link(draft, path)
    return true
  } catch (thrown) {
    if (['EEXIST', 'ENOENT'].includes(systemCode(thrown))) return false
    throw thrown
  } finally {
    await unlink(draft).catch(ignoreMissing)
  }
}

async function isAlive(folder: string, name: string): Promise<boolean> {
  const path = join(folder, name)
  try {
    const owner = parseOwner(await readFile(path, 'utf8'))
    const { mtimeMs } = await stat(path)
    if (owner?.place === (await placeOfProcesses())) {
      // A copy, a back-up that was put back perhaps: its owner has the original.
      if (owner.folder !== undefined && owner.folder !== (await identityOf(folder))) return false
      const { started, isZombie } = await factsOfProcess(owner.pid)
      return isRunning(owner.pid) && !isZombie && started === owner.started
    }
    return Math.abs(Date.now() - mtimeMs) < leaseLapsesAfterMs
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return false
    throw thrown
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { place, pid, started, folder } = JSON.parse(text) as Partial<Owner>
    if (typeof place !== 'string' || !Number.isSafeInteger(pid) || typeof started !== 'string')
      return undefined
    return { place, pid: pid!, started, ...(typeof folder === 'string' && { folder }) }
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
}

/** Undefined where it is gone: who had it has ended meanwhile. */
async function identityOf(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true })
    return `${dev}:${ino}`
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return systemCode(thrown) === 'EPERM'
  }
}

async function describeOwner(pid: number): Promise<Owner> {
  return { place: await placeOfProcesses(), pid, started: (await factsOfProcess(pid)).started }
}

async function placeOfProcesses(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(missingAsEmpty)
  const namespace = await readlink('/proc/self/ns/pid').catch(missingAsEmpty)
  return [hostname(), boot.trim(), namespace].join(' ')
}

/**
 * Field 22 of /proc/PID/stat, in clock ticks since boot, and whether field 3 says that it has ended and is only kept for
 * a parent that doesn't ask; the name in field 2 may hold blanks.
 */
async function factsOfProcess(pid: number): Promise<{ started: string; isZombie: boolean }> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(missingAsEmpty)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { started: fields[19] ?? '', isZombie: fields[0] === 'Z' }
}

/** These files are Linux's own; elsewhere the other signs must do. */
function missingAsEmpty(thrown: unknown): string {
  if (systemCode(thrown) === '') throw thrown
  return ''
}

function ignoreMissing(thrown: unknown): void {
  if (systemCode(thrown) !== 'ENOENT') throw thrown
}
