import type { FastifyRequest } from 'fastify'
import type { QueryTexts } from '../query/page.ts'

/** Parameters of the request's address; of a name that is given twice, the first. */
export function queryTexts(request: FastifyRequest): QueryTexts {
  const texts = new Map<string, string>()
  for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
    const first: unknown = Array.isArray(value) ? value[0] : value
    if (typeof first === 'string') texts.set(name, first)
  }
  return texts
}

/** A parameter of the route's path. */
export function pathText(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? ''
}
