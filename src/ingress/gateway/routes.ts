import { hostPattern } from '../model/hosts.ts'
import type { ListenerSet } from '../model/collect.ts'
import type { Limits, Match, Rule } from '../model/routing.ts'
import { readAction } from './backends.ts'
import type { BackendPolicies } from './backend-tls.ts'
import { no, yes } from './conditions.ts'
import type { Verdict } from './conditions.ts'
import { bySpecificity, covers, intersection } from './hostnames.ts'
import type { GatewayInputs } from './inputs.ts'
import { allowsNamespace } from './listeners.ts'
import type { ListenerState } from './listeners.ts'
import { grpcMatch, httpMatch } from './matches.ts'
import { durationOf } from './timeouts.ts'
import { gatewayGroup } from './types.ts'
import type { BackendTLSPolicy, GRPCRoute, HTTPRoute, ParentRef } from './types.ts'

/** What became of a route at each of our Gateways that it names. */
export interface RouteOutcome {
  readonly route: HTTPRoute | GRPCRoute
  readonly kind: 'HTTPRoute' | 'GRPCRoute'
  readonly parents: readonly { readonly ref: ParentRef; readonly verdicts: readonly Verdict[] }[]
}

/** A rule without its place. */
interface ReadRules {
  readonly rules: readonly { readonly rule: Rule; readonly index: number }[]
  readonly unresolved?: Verdict
  readonly unsupported?: string
  readonly policies: ReadonlySet<BackendTLSPolicy>
}

/** Attaches routes to listeners, and their rules to the model. */
export class Attachment {
  readonly #inputs: GatewayInputs
  readonly #listeners: readonly ListenerState[]
  readonly #set: ListenerSet
  readonly #policies: BackendPolicies

  constructor(inputs: GatewayInputs, listeners: readonly ListenerState[], set: ListenerSet, policies: BackendPolicies) {
    this.#inputs = inputs
    this.#policies = policies
    this.#listeners = listeners
    this.#set = set
  }

  attach(route: HTTPRoute | GRPCRoute, kind: 'HTTPRoute' | 'GRPCRoute'): RouteOutcome {
    const read = this.#read(route, kind)
    const parents = (route.spec.parentRefs ?? []).flatMap((ref) => {
      const listeners = this.#ofParent(ref, route.metadata.namespace ?? '')
      return listeners ? [{ ref, verdicts: this.#attachTo(listeners, ref, route, kind, read) }] : []
    })
    return { route, kind, parents }
  }

  /** Listeners of the Gateway that is meant, where it is ours. */
  #ofParent(ref: ParentRef, namespace: string): readonly ListenerState[] | undefined {
    const { group = gatewayGroup, kind = 'Gateway', name } = ref
    if (group !== gatewayGroup || kind !== 'Gateway') return undefined
    const place = ref.namespace ?? namespace
    const own = this.#listeners.filter(
      ({ gateway: { metadata } }) => metadata.name === name && metadata.namespace === place,
    )
    return own.length > 0 ? own : undefined
  }

  #attachTo(
    all: readonly ListenerState[],
    { sectionName, port }: ParentRef,
    route: HTTPRoute | GRPCRoute,
    kind: string,
    read: ReadRules,
  ): Verdict[] {
    const resolved = read.unresolved ?? yes('ResolvedRefs')
    const refuse = (reason: string, message: string): Verdict[] => [no('Accepted', reason, message), resolved]
    const meant = all.filter(
      ({ listener }) =>
        (sectionName === undefined || listener.name === sectionName) && (port === undefined || listener.port === port),
    )
    if (meant.length === 0) return refuse('NoMatchingParent', 'the Gateway has no such listener')
    const { name = '', namespace = '' } = route.metadata
    const allowed = meant.filter(
      (state) =>
        state.kinds.some((each) => each.kind === kind) && allowsNamespace(state, namespace, this.#inputs.labels),
    )
    if (allowed.length === 0) return refuse('NotAllowedByListeners', 'no listener allows this kind from this namespace')
    const hosts = (route.spec.hostnames ?? []).map((host) => host.toLowerCase())
    const shared = allowed.flatMap((state) => {
      const common = (hosts.length === 0 ? [''] : hosts).flatMap((host) => intersection(state.hostname, host) ?? [])
      return common.length > 0 ? [{ state, common }] : []
    })
    if (shared.length === 0) return refuse('NoMatchingListenerHostname', 'no listener has a host name of the route')
    const refusal = read.unsupported ?? this.#inputs.refused.get(`${kind} ${namespace}/${name}`)
    if (refusal !== undefined) return refuse('UnsupportedValue', refusal)
    for (const { state, common } of shared) {
      state.attached.add(`${kind}/${namespace}/${name}`)
      this.#policies.used(read.policies, state.gateway)
      if (state.programmed) this.#add(state, common, route, read)
    }
    return [yes('Accepted'), resolved]
  }

  #add(state: ListenerState, hosts: readonly string[], route: HTTPRoute | GRPCRoute, { rules }: ReadRules): void {
    const { port } = state.listener
    const listener = this.#set.listener(port, state.tls)
    const { creationTimestamp = '', namespace, name } = route.metadata
    for (const host of hosts) {
      // A request for it goes to the more specific listener, whatever that has.
      const owner = this.#listeners
        .filter((each) => each.programmed && each.listener.port === port && covers(each.hostname, host))
        .sort((a, b) => bySpecificity(a.hostname, b.hostname))[0]
      if (owner && owner.hostname !== state.hostname) continue
      for (const { rule, index } of rules) {
        const rank = [0, creationTimestamp, `${namespace}/${name}`, index]
        listener.add(hostPattern(host, 'suffix'), { rule, rank })
      }
    }
  }

  #read(route: HTTPRoute | GRPCRoute, kind: 'HTTPRoute' | 'GRPCRoute'): ReadRules {
    const { namespace = '', name = '' } = route.metadata
    const owner = `${kind} ${namespace}/${name}`
    const rules: { readonly rule: Rule; readonly index: number }[] = []
    let unresolved: Verdict | undefined
    let unsupported: string | undefined
    const policies = new Set<BackendTLSPolicy>()
    let index = 0
    for (const source of sourcesOf(route, kind)) {
      for (const match of source.matches) {
        index++
        if (typeof match === 'string') {
          unsupported ??= match
          continue
        }
        const read = readAction({ ...source, kind, namespace }, match.path, this.#inputs, this.#policies)
        for (const policy of read.policies) policies.add(policy)
        unresolved ??= read.unresolved
        unsupported ??= read.unsupported
        rules.push({ rule: { owner, match, action: read.action }, index })
      }
    }
    return {
      rules,
      policies,
      ...(unresolved ? { unresolved } : {}),
      ...(unsupported === undefined ? {} : { unsupported }),
    }
  }
}

interface Source {
  readonly matches: readonly (Match | string)[]
  readonly filters: HTTPRouteRuleFilters
  readonly backendRefs: NonNullable<NonNullable<HTTPRoute['spec']['rules']>[number]['backendRefs']>
  readonly limits: Limits
}

type HTTPRouteRuleFilters = NonNullable<NonNullable<HTTPRoute['spec']['rules']>[number]['filters']>

function sourcesOf(route: HTTPRoute | GRPCRoute, kind: 'HTTPRoute' | 'GRPCRoute'): Source[] {
  if (kind === 'GRPCRoute') {
    const { rules = [] } = (route as GRPCRoute).spec
    return rules.map(({ matches = [], filters = [], backendRefs = [] }) => ({
      matches: (matches.length === 0 ? [{}] : matches).map(grpcMatch),
      filters,
      backendRefs,
      limits: {},
    }))
  }
  const { rules = [] } = (route as HTTPRoute).spec
  return rules.map(({ matches = [], filters = [], backendRefs = [], timeouts }) => ({
    matches: (matches.length === 0 ? [{}] : matches).map(httpMatch),
    filters,
    backendRefs,
    limits: limitsOf(timeouts),
  }))
}

/** Milliseconds that stand for no limit. */
const day = 86_400_000

function limitsOf({ request, backendRequest }: { request?: string; backendRequest?: string } = {}): Limits {
  const given = [backendRequest, request].flatMap((text) => (text === undefined ? [] : [durationOf(text)]))
  if (given.length === 0) return {}
  return { responseTimeout: Math.min(...given.map((ms) => (ms === 0 ? day : ms))) }
}
