/** An answer that is no success and no accident either: not found, sold out, declined. Fastify reads `statusCode`. */
export class Refusal extends Error {
  constructor(statusCode, message, options) {
    super(message, options)
    this.statusCode = statusCode
  }
}
