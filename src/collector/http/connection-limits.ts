import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpLimits } from './http-limits.ts'

/**
 * Keeps one client from taking all the connections there may be, and all of them together from keeping out others: where
 * there are too many, the one that has waited longest without a whole request goes.
 */
export function limitConnections(server: Server, limits: HttpLimits): void {
  const perAddress = new Map<string, number>()
  /** By address and port of the other side, which TLS has in common with the connection below it. */
  const waiting = new Map<string, Socket>()
  let open = 0

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const peer = peerOf(socket)
    const count = (perAddress.get(address) ?? 0) + 1
    perAddress.set(address, count)
    open++
    waiting.set(peer, socket)
    socket.once('close', () => {
      open--
      if (waiting.get(peer) === socket) waiting.delete(peer)
      const left = perAddress.get(address)! - 1
      if (left > 0) perAddress.set(address, left)
      else perAddress.delete(address)
    })
    if (count > limits.connectionsPerAddress) socket.destroy()
    else if (open > limits.connections) {
      const [longest] = waiting
      if (longest === undefined) return
      waiting.delete(longest[0])
      longest[1].destroy()
    }
  })

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const peer = peerOf(request.socket)
    const socket = waiting.get(peer)
    if (socket === undefined) return
    waiting.delete(peer)
    response.once('close', () => {
      if (!socket.destroyed) waiting.set(peer, socket)
    })
  })
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
