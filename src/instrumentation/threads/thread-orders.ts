// What the main thread asks of all threads of the process, and how each hears it. A thread hears only once its loop turns.
import { BroadcastChannel } from 'node:worker_threads'
import type { ThreadData } from './thread-data.ts'

export type ThreadOrder =
  /** The process is about to end: hand over what there is. */
  | { kind: 'finish' }
  /** Recording is over, and the program goes on. */
  | { kind: 'stop' }
  /** It begins again; the data are those that new threads get, too. */
  | { kind: 'start'; data: ThreadData }

const channelName = 'microlog threads'

export function postOrder(order: ThreadOrder): void {
  const channel = new BroadcastChannel(channelName)
  channel.postMessage(order)
  channel.close()
}

/** Doesn't keep the thread alive. Returns how to hear no more. */
export function onOrder(hear: (order: ThreadOrder) => void): () => void {
  const channel = new BroadcastChannel(channelName)
  channel.onmessage = message => hear((message as { data: ThreadOrder }).data)
  channel.unref()
  return () => channel.close()
}
