import type { Query, Reply } from './message/types.ts'

/** A query on its way through the chain. */
export interface Request {
  readonly query: Query
  /** Address of who asks. */
  readonly client: string
  /** How many aliases led here. */
  readonly depth?: number
}

/**
 * Answers a request. Whoever answers does so for good: nobody behind it is asked. Answers that are at hand come at once,
 * without a promise.
 */
export type Handler = (request: Request) => Reply | Promise<Reply>

/** One link of the chain: answers what is its business, and hands everything else to the next. */
export interface Plugin {
  readonly name: string
  handle(request: Request, next: Handler): Reply | Promise<Reply>
}

/** The chain of the plugins in their order; `last` answers what none of them does. */
export function chainOf(plugins: readonly Plugin[], last: Handler): Handler {
  return plugins.reduceRight<Handler>((next, plugin) => (request) => plugin.handle(request, next), last)
}

/** Goes on with an answer, whether or not it has to be waited for. */
export function whenAnswered(
  reply: Reply | Promise<Reply>,
  then: (reply: Reply) => Reply | Promise<Reply>,
): Reply | Promise<Reply> {
  return reply instanceof Promise ? reply.then(then) : then(reply)
}
