// A small S3 server over memory that speaks what the store asks of one: PUT with `If-None-Match: *`, GET with a range, list
// (version 2) in pages, DELETE. The tests of the store run against it and, where one is given, against a real server.
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of a request: it is refused before, its answer is lost after it was done, or it stands still. */
export type S3Fault = { status: number; code: string } | 'answer lost' | 'no answer' | 'cut body'

export interface S3ServerOptions {
  bucket: string
  /** Keys in a page of a list. Default 3. */
  pageSize?: number
  /** As servers do that don't know the header. */
  overwrites?: boolean
  fault?(method: string, key: string): S3Fault | undefined
}

export interface S3Server {
  endpoint: string
  /** By key. */
  objects: Map<string, { bytes: Buffer; writtenMs: number }>
  /** All that was asked, as `PUT key` or `LIST prefix`. */
  requests: string[]
  options: S3ServerOptions
  close(): Promise<void>
}

export const testAccessKey = 'testkey'

export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const objects: S3Server['objects'] = new Map()
  const requests: string[] = []

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url!, 'http://localhost')
    const [, bucket = '', ...rest] = url.pathname.split('/').map(decodeURIComponent)
    const key = rest.join('/')
    const isList = key === '' && url.searchParams.get('list-type') === '2'
    const method = isList ? 'LIST' : request.method!
    const subject = isList ? (url.searchParams.get('prefix') ?? '') : key
    requests.push(`${method} ${subject}`)

    const fault = options.fault?.(method, subject)
    if (fault === 'no answer') return
    if (typeof fault === 'object') return refuse(response, fault.status, fault.code)
    if (!request.headers.authorization?.includes(`Credential=${testAccessKey}/`))
      return refuse(response, 403, 'InvalidAccessKeyId')
    if (bucket !== options.bucket) return refuse(response, 404, 'NoSuchBucket')
    if (fault === 'answer lost') response.end = () => response.destroy() as typeof response

    if (isList) return list(url.searchParams, response)
    const there = objects.get(key)
    if (method === 'PUT') {
      if (there && request.headers['if-none-match'] === '*' && !options.overwrites)
        return refuse(response, 412, 'PreconditionFailed')
      objects.set(key, { bytes: body, writtenMs: Date.now() })
      response.writeHead(200, { etag: '"0"' }).end()
    } else if (method === 'DELETE') {
      objects.delete(key)
      response.writeHead(204).end()
    } else if (!there) refuse(response, 404, 'NoSuchKey')
    else giveRange(there.bytes, request.headers.range, fault === 'cut body', response)
  }

  function list(asked: URLSearchParams, response: ServerResponse): void {
    const after = asked.get('continuation-token') ?? ''
    const keys = [...objects.keys()]
      .sort()
      .filter(key => key.startsWith(asked.get('prefix') ?? '') && key > after)
    const page = keys.slice(0, options.pageSize ?? 3)
    const isTruncated = page.length < keys.length
    const entries = page.map(key => {
      const { bytes, writtenMs } = objects.get(key)!
      const at = new Date(writtenMs).toISOString()
      return `<Contents><Key>${key}</Key><LastModified>${at}</LastModified><Size>${bytes.length}</Size></Contents>`
    })
    const next = isTruncated ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
    sendXml(
      response,
      200,
      `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${next}${entries.join('')}</ListBucketResult>`
    )
  }

  const server = createServer((request, response) => {
    // A client that goes while it sends is gone.
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    requests,
    options,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}

function giveRange(bytes: Buffer, asked: string | undefined, isCut: boolean, response: ServerResponse): void {
  const match = /^bytes=(\d+)-(\d+)$/.exec(asked ?? '')
  if (!match) return void response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
  const [from, to] = [Number(match[1]), Number(match[2]) + 1]
  if (from >= bytes.length) return refuse(response, 416, 'InvalidRange')
  const part = bytes.subarray(from, to)
  response.writeHead(206, {
    'content-length': part.length,
    'content-range': `bytes ${from}-${from + part.length - 1}/${bytes.length}`
  })
  if (isCut) response.write(part.subarray(0, part.length / 2), () => response.destroy())
  else response.end(part)
}

function refuse(response: ServerResponse, status: number, code: string): void {
  sendXml(response, status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}

function sendXml(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version="1.0" encoding="UTF-8"?>${text}`)
}
