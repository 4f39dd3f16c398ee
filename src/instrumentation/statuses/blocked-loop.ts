import type { ThreadProfile } from '../../otlp/thread-profile.ts'
import { ownEntry, ownUid } from '../own-entry.ts'
import type { LogRecord } from '../record-sink.ts'
import { blockingStack, isIdle, type BlockingStack } from './blocking-stack.ts'
import { blockedMs } from './loop-watch.ts'
import { withStacks } from './with-stacks.ts'

/** A stretch that the loop was blocked for, in µs since 1970. */
export interface Block {
  fromUnixUs: number
  toUnixUs: number
}

interface WaitingBlock extends Block {
  uid: string
}

export interface BlockedLoopOptions {
  threadId: number
  /** A profile of the time will come. */
  profiled: boolean
  sendLog(record: LogRecord): void
}

export interface BlockedLoop {
  add(block: Block): void
  /** Tells the blocks in the profile's time; gives it back with their stacks among those of the logs. */
  tell(profile: ThreadProfile): ThreadProfile
  /** Tells what is left. */
  finish(): void
}

/** Entries a minute; further ones are counted. */
const mostPerMinute = 30
/** Profiles come every few seconds. */
const profileTimeoutUs = 30e6

/** Makes an entry of the log of each stretch that the loop was blocked for, with the stack that blocked it. */
export function createBlockedLoop(options: BlockedLoopOptions): BlockedLoop {
  let waiting: WaitingBlock[] = []
  let room = mostPerMinute
  let roomFromUs = -Infinity
  let untold = 0

  const send = (block: WaitingBlock, found: BlockingStack | undefined): void => {
    if (block.fromUnixUs - roomFromUs > 60e6) {
      room = mostPerMinute
      roomFromUs = block.fromUnixUs
    }
    if (room-- <= 0) {
      untold++
      return
    }
    options.sendLog(blockEntry(block, found, options.threadId, untold))
    untold = 0
  }
  return {
    add(added) {
      const { toUnixUs } = added
      const block = { ...added, uid: ownUid() }
      if (!options.profiled) return send(block, undefined)
      for (const late of waiting.filter(one => toUnixUs - one.toUnixUs > profileTimeoutUs))
        send(late, undefined)
      waiting = [...waiting.filter(one => toUnixUs - one.toUnixUs <= profileTimeoutUs), block]
    },
    tell(profile) {
      // A rotation may fall into a block: the profile with its middle has the better half.
      const isIn = ({ fromUnixUs, toUnixUs }: Block): boolean =>
        (fromUnixUs + toUnixUs) / 2 < profile.endUnixUs
      const seen: { block: WaitingBlock; found: BlockingStack }[] = []
      for (const given of waiting.filter(isIn)) {
        const block = afterWaiting(profile, given)
        if (block === undefined) continue
        const found = blockingStack(profile, block)
        if (found !== 'stopped') seen.push({ block, found })
      }
      waiting = waiting.filter(block => !isIn(block))
      for (const { block, found } of seen) send(block, found)
      const stacks = seen.map(({ block, found: { stack, link, endpoint } }) => ({
        stack,
        link,
        endpoint,
        time: block.fromUnixUs,
        uid: block.uid
      }))
      return seen.length === 0 ? profile : { ...profile, logs: withStacks(profile.logs, stacks) }
    },
    finish() {
      for (const block of waiting) send(block, undefined)
      waiting = []
    }
  }
}

/**
 * The block without the time until a sample saw the loop wait: each interrupts the wait, and Node counts only what came
 * after the last as waiting. Nothing where what is left is no block.
 */
function afterWaiting<B extends Block>({ wall, stacks, frames }: ThreadProfile, block: B): B | undefined {
  const last = wall.timeUnixUs.findLastIndex(
    (time, i) =>
      time >= block.fromUnixUs && time <= block.toUnixUs && isIdle({ stacks, frames }, wall.stack[i]!)
  )
  if (last < 0) return block
  const fromUnixUs = wall.timeUnixUs[last]!
  return block.toUnixUs - fromUnixUs < blockedMs * 1000 ? undefined : { ...block, fromUnixUs }
}

function blockEntry(
  { uid, fromUnixUs, toUnixUs }: WaitingBlock,
  found: BlockingStack | undefined,
  threadId: number,
  untold: number
): LogRecord {
  const ms = Math.round((toUnixUs - fromUnixUs) / 1000)
  const attributes: LogRecord['attributes'] = { 'microlog.blocked.ms': ms, ...found?.code }
  if (untold > 0) attributes['microlog.blocked.untold'] = untold
  const loading = found?.loading === true ? ' while modules were loaded' : ''
  return ownEntry({
    timeUnixUs: fromUnixUs,
    severity: found?.loading === true ? 'INFO' : 'WARN',
    eventName: 'microlog.blocked',
    body: `event loop blocked for ${ms} ms${loading}`,
    threadId,
    attributes,
    span: found?.span,
    uid
  })
}
