import { readdirSync, readlinkSync } from 'node:fs'

/** Path by number of each file this process has open, as far as the system tells: on Linux. */
export function readOpenFiles(): Map<string, string> {
  const open = new Map<string, string>()
  if (process.platform !== 'linux') return open
  for (const number of list('/proc/self/fd')) {
    try {
      const path = readlinkSync(`/proc/self/fd/${number}`)
      // Sockets and pipes have no path; devices and the kernel's own files are nobody's leak.
      if (/^\/(?!proc\/|dev\/|sys\/)/.test(path)) open.set(number, path)
    } catch {
      // The one that listed the folder is closed by now.
    }
  }
  return open
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // Hidden from this process, in a sandbox perhaps.
    return []
  }
}

/** Paths of what was opened since, each once. */
export function openedSince(start: ReadonlyMap<string, string>, end: ReadonlyMap<string, string>): string[] {
  return [...new Set([...end].flatMap(([number, path]) => (start.get(number) === path ? [] : [path])))].sort()
}

/** How many more of each kind there are. */
export function moreSince(start: readonly string[], end: readonly string[]): Map<string, number> {
  const more = new Map<string, number>()
  for (const kind of end) more.set(kind, (more.get(kind) ?? 0) + 1)
  for (const kind of start) more.set(kind, (more.get(kind) ?? 0) - 1)
  return new Map([...more].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]))
}
