import type { Handler, Request } from './chain.ts'
import { whenAnswered } from './chain.ts'
import { codes, emptyReply } from './message/types.ts'
import type { DnsRecord, Reply } from './message/types.ts'

/** Answers a request by an alias and whatever is known of its target. */
export type Resolve = (request: Request, alias: DnsRecord, target: string) => Reply | Promise<Reply>

/** Aliases that lead to aliases are followed so far. */
const longestWay = 8

/** Follows aliases through a chain, which may be known later. */
export function resolver(head: () => Handler): Resolve {
  return (request, alias, target) => {
    const { query } = request
    const depth = (request.depth ?? 0) + 1
    if (depth > longestWay) return emptyReply(codes.serverFailure)
    const question = { ...query.question, name: target }
    const onward: Request = { ...request, query: { ...query, question }, depth }
    return whenAnswered(head()(onward), (reply) => ({
      ...reply,
      authoritative: true,
      answers: [alias, ...reply.answers],
    }))
  }
}
