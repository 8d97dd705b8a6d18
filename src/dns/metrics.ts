import type { Plugin } from './chain.ts'
import { whenAnswered } from './chain.ts'
import { types } from './message/types.ts'
import type { Reply, Query } from './message/types.ts'

/** What the server has done, counted since it began. */
export interface DnsCounts {
  /** Questions by their type; rare types together as `other`. */
  readonly requests: ReadonlyMap<string, number>
  /** Answers by their code: `NOERROR`, `NXDOMAIN`, ... */
  readonly responses: ReadonlyMap<string, number>
  readonly cacheHits: number
  readonly cacheMisses: number
  /** Questions that other servers did not answer. */
  readonly forwardFailures: number
}

const typeNames = new Map<number, string>(Object.entries(types).map(([name, number]) => [number, name]))
const codeNames = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

export class DnsMetrics implements DnsCounts {
  readonly requests: Map<string, number> = new Map()
  readonly responses: Map<string, number> = new Map()
  cacheHits = 0
  cacheMisses = 0
  forwardFailures = 0

  /** Counts what passes. */
  plugin(): Plugin {
    return {
      name: 'metrics',
      handle: (request, next) => {
        this.#asked(request.query)
        return whenAnswered(next(request), (reply) => this.#answered(reply))
      },
    }
  }

  #asked({ question }: Query): void {
    const name = typeNames.get(question.type) ?? 'other'
    this.requests.set(name, (this.requests.get(name) ?? 0) + 1)
  }

  #answered(reply: Reply): Reply {
    const name = codeNames[reply.code] ?? 'other'
    this.responses.set(name, (this.responses.get(name) ?? 0) + 1)
    return reply
  }
}
