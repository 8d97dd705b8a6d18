import type { Handler } from './chain.ts'
import { readQuery } from './message/read.ts'
import { codes, emptyReply, internetClass } from './message/types.ts'
import type { Query, Reply } from './message/types.ts'
import { ednsSize } from './message/write.ts'
import type { MessageWriter } from './message/write.ts'

export type DnsTransport = 'udp' | 'tcp'

/**
 * Answers messages by a chain. What is at hand is answered at once; what has to be asked for elsewhere by a promise.
 * Messages that deserve no answer get `undefined`.
 */
export type Respond = (
  message: Uint8Array,
  client: string,
  transport: DnsTransport,
) => Uint8Array | undefined | Promise<Uint8Array>

/** Zone transfers: nobody needs them of us. */
const transfers = new Set([251, 252])

export function responder(chain: Handler, writer: MessageWriter, onError: (error: unknown) => void): Respond {
  const write = (query: Query, reply: Reply, transport: DnsTransport): Uint8Array =>
    writer.reply(query, reply, limitOf(query, transport))
  const failed = (error: unknown): Reply => {
    onError(error)
    return emptyReply(codes.serverFailure)
  }
  return (message, client, transport) => {
    const query = readQuery(message)
    if (!query) return undefined
    if ('code' in query) return writer.failure(query.id, query.code)
    const refusal = refuse(query)
    if (refusal !== undefined) return write(query, emptyReply(refusal), transport)
    let reply: Reply | Promise<Reply>
    try {
      reply = chain({ query, client })
    } catch (error) {
      reply = failed(error)
    }
    if (!(reply instanceof Promise)) return write(query, reply, transport)
    return reply.catch(failed).then((late) => write(query, late, transport))
  }
}

function refuse({ question, edns }: Query): number | undefined {
  if (edns && edns.version > 0) return codes.badVersion
  if (question.class !== internetClass || transfers.has(question.type)) return codes.refused
  return undefined
}

/** Datagrams are kept to what passes without being cut, even where the client would take more. */
function limitOf({ edns }: Query, transport: DnsTransport): number {
  if (transport === 'tcp') return 65_535
  return edns ? Math.min(edns.size, ednsSize) : 512
}
