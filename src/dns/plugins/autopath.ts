import type { Pod } from '#api/core/v1'
import { whenAnswered } from '../chain.ts'
import type { Handler, Plugin, Request } from '../chain.ts'
import type { ClusterSource } from '../cluster/source.ts'
import type { ClusterZone } from '../cluster/zone.ts'
import { isWithin, nameLength } from '../message/name.ts'
import { codes, types } from '../message/types.ts'
import type { DnsRecord, Reply } from '../message/types.ts'
import { replyOf } from './kubernetes.ts'

export interface AutopathOptions {
  readonly source: ClusterSource
  readonly zone: ClusterZone
  readonly domain: string
  readonly ttl: number
  /** Search domains of the node, which pods have after the cluster's. */
  readonly searchDomains: () => readonly string[]
}

/**
 * Goes through a pod's search path here, so that one question does instead of one per domain. It shows by the question: a
 * name in the pod's first search domain, `NAME.NAMESPACE.svc.DOMAIN`, that does not exist. The answer is an alias to the
 * name of the path that does.
 */
export function autopath({ source, zone, domain, ttl, searchDomains }: AutopathOptions): Plugin {
  return {
    name: 'autopath',
    handle: (request, next) => {
      const { name, type } = request.query.question
      if (!name.endsWith(domain) || (type !== types.A && type !== types.AAAA)) return next(request)
      const pod = source.pod(request.client)
      const first = `.${pod?.metadata.namespace}.svc.${domain}`
      if (!pod || !name.endsWith(first) || !hasClusterPath(pod)) return next(request)
      if (zone.lookup(name, type).exists) return next(request)
      const bare = name.slice(0, -first.length)
      const path = [`svc.${domain}`, domain, ...searchDomains(), ...(pod.spec.dnsConfig?.searches ?? []), '']
      const candidates = path.map((search) =>
        search === '' ? bare : `${bare}.${search.toLowerCase().replace(/\.$/, '')}`,
      )
      return tryEach(candidates, 0, request, next)
    },
  }

  function tryEach(
    candidates: readonly string[],
    index: number,
    request: Request,
    next: Handler,
  ): Reply | Promise<Reply> {
    const { name, type } = request.query.question
    const target = candidates[index]
    if (target === undefined) return replyOf({ exists: false }, zone)
    if (nameLength(target) === 0) return tryEach(candidates, index + 1, request, next)
    const onward: Request = {
      ...request,
      query: { ...request.query, question: { ...request.query.question, name: target } },
    }
    if (isWithin(target, domain) && !zone.lookup(target, type).exists) {
      return tryEach(candidates, index + 1, request, next)
    }
    return whenAnswered(next(onward), (reply) => {
      if (reply.code === codes.nameError) return tryEach(candidates, index + 1, request, next)
      // What could not be found out leaves the question to the client, who asks for the rest of the path itself.
      if (reply.code !== codes.noError) return replyOf({ exists: false }, zone)
      const alias: DnsRecord = { name, type: types.CNAME, ttl, data: { kind: 'name', target } }
      return { ...reply, authoritative: true, answers: [alias, ...reply.answers] }
    })
  }
}

/** Whether the pod's search path begins with the cluster's domains. */
function hasClusterPath({ spec }: Pod): boolean {
  const { dnsPolicy = 'ClusterFirst' } = spec
  return dnsPolicy === 'ClusterFirst' || dnsPolicy === 'ClusterFirstWithHostNet'
}
