import { constants, setPriority } from 'node:os'
import { readlinkSync } from 'node:fs'

/**
 * Lets other threads of the machine go before this one, this process's own among them: it has the cores that nobody wants.
 * Linux only, where a thread has a priority of its own.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    setPriority(threadId, constants.priority.PRIORITY_LOW)
  } catch {
    // Without /proc, in a sandbox perhaps: then it is as important as the others.
  }
}
