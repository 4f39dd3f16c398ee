// Stands before an OTLP receiver, on a port of its own, and behaves as badly as asked: real sockets, and below HTTP where
// the fault is. Without a fault every byte goes through.
import { randomBytes } from 'node:crypto'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export const faults = [
  'refuses',
  'hangs',
  'drips',
  'wants a pause of a day',
  'is unavailable',
  'talks garbage',
  'wants TLS',
  'answers with 4 GB',
  'resets connections'
] as const

export type DoorFault = (typeof faults)[number]

export interface FaultyDoor {
  readonly url: string
  /** Requests that met the fault that is on now, or connections where it isn't HTTP. */
  readonly met: number
  /** Undefined: none from now on. Connections that are open are cut. */
  setFault(fault: DoorFault | undefined): Promise<void>
  close(): Promise<void>
}

export async function createFaultyDoor(receiverUrl: string): Promise<FaultyDoor> {
  const receiverPort = Number(new URL(receiverUrl).port)
  const sockets = new Set<Socket>()
  let fault: DoorFault | undefined
  let met = 0

  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // The other side may be gone at any time: that is what this is for.
    socket.on('error', () => socket.destroy())
    return socket
  }
  const server = createServer(socket => {
    keep(socket)
    if (fault !== undefined) {
      misbehave[fault]?.(socket, () => met++)
      return
    }
    const inner = keep(connect(receiverPort, '127.0.0.1'))
    socket.pipe(inner).pipe(socket)
    socket.on('close', () => inner.destroy())
  })
  const port = await listen(server, 0)
  return {
    url: `http://127.0.0.1:${port}`,
    get met() {
      return met
    },
    async setFault(next) {
      const wasClosed = fault === 'refuses'
      fault = next
      met = 0
      const closed =
        next === 'refuses' ? new Promise(resolve => server.close(resolve)) : Promise.resolve(undefined)
      for (const socket of sockets) socket.resetAndDestroy()
      await closed
      if (wasClosed && next !== 'refuses') await listen(server, port)
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      })
  }
}

type Misbehaviour = (socket: Socket, count: () => void) => void

const misbehave: Partial<Record<DoorFault, Misbehaviour>> = {
  hangs: onRequest(() => {}),
  drips: onRequest(socket => {
    const answer = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nx-slow: yes\r\n\r\n')
    let at = 0
    // Far slower than anybody waits.
    const timer = setInterval(() => socket.write(answer.subarray(at, ++at)), 2000)
    socket.on('close', () => clearInterval(timer))
  }),
  'wants a pause of a day': onRequest(socket =>
    socket.write('HTTP/1.1 429 Too Many Requests\r\nretry-after: 86400\r\ncontent-length: 0\r\n\r\n')
  ),
  'is unavailable': onRequest(socket =>
    socket.write('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n')
  ),
  'talks garbage': onRequest(socket => socket.end(randomBytes(4096))),
  'wants TLS': onRequest(socket => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 40]))),
  'answers with 4 GB': onRequest(socket => {
    const chunk = Buffer.alloc(64 * 1024, 'x')
    socket.write('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4294967296\r\n\r\n')
    const pump = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    }
    socket.on('drain', pump)
    pump()
  }),
  'resets connections': (socket, count) => {
    socket.once('data', () => {
      count()
      socket.resetAndDestroy()
    })
  }
}

/** Answers each request's beginning; what it goes on with is read away. */
function onRequest(answer: (socket: Socket) => void): Misbehaviour {
  return (socket, count) => {
    socket.on('data', (chunk: Buffer) => {
      if (!/^(?:POST|GET) /.test(chunk.toString('latin1', 0, 5))) return
      count()
      answer(socket)
    })
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
