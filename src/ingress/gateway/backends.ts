import type { ServicePort } from '#api/core/v1'
import { protocolOf } from '../ingress/translate.ts'
import type { Action, BackendProtocol, Limits, Mirror, PathMatch, Target } from '../model/routing.ts'
import { servicePort } from '../services/services.ts'
import type { BackendPolicies, Decision } from './backend-tls.ts'
import { no } from './conditions.ts'
import type { Verdict } from './conditions.ts'
import { readFilters } from './filters.ts'
import { isGranted } from './grants.ts'
import type { GatewayInputs } from './inputs.ts'
import type { BackendRef, BackendTLSPolicy, RouteFilter } from './types.ts'

export interface RuleSource {
  readonly kind: 'HTTPRoute' | 'GRPCRoute'
  readonly namespace: string
  readonly filters: readonly RouteFilter[]
  readonly backendRefs: readonly BackendRef[]
  readonly limits: Limits
}

export interface ReadAction {
  readonly action: Action
  /** A reference that leads nowhere. */
  readonly unresolved?: Verdict
  /** Something that is not supported: the route is not accepted. */
  readonly unsupported?: string
  /** Policies about its backends. */
  readonly policies: readonly BackendTLSPolicy[]
}

/** What a rule does with requests for a path. */
export function readAction(
  source: RuleSource,
  path: PathMatch,
  inputs: GatewayInputs,
  rulesOfTls: BackendPolicies,
): ReadAction {
  const policies: BackendTLSPolicy[] = []
  const find = (ref: BackendRef): Found | Verdict => {
    const found = findBackend(ref, source, inputs)
    if ('type' in found) return found
    const decision = rulesOfTls.decide(found.pool.namespace, found.pool.service, found.port)
    policies.push(...decision.policies)
    return { pool: found.pool, ...secured(found.protocol, decision) }
  }
  let unresolved: Verdict | undefined
  const mirror = (ref: BackendRef): Pick<Mirror, 'pool' | 'protocol' | 'tls'> | undefined => {
    const found = find(ref)
    if (!('type' in found)) return found.broken === true ? undefined : found
    unresolved ??= found
    return undefined
  }
  // A call may go on both ways for long, and is copied only when it has been said.
  const toMirror = source.kind === 'HTTPRoute' ? mirror : undefined
  const { filters, redirect, problem } = readFilters(source.filters, path, toMirror)
  const failure: Action = { type: 'answer', status: 500 }
  if (problem !== undefined) return { action: failure, unsupported: problem, policies }
  let unsupported: string | undefined
  const targets = source.backendRefs.map((ref): Target => {
    const own = readFilters(ref.filters, path, toMirror)
    unsupported ??= own.problem
    const found = find(ref)
    const { weight = 1 } = ref
    const common = { weight, filters: [...filters, ...own.filters], limits: source.limits }
    if (!('type' in found)) {
      const { broken = false, ...target } = found
      return broken ? { ...common, protocol: 'http' } : { ...common, ...target }
    }
    unresolved ??= found
    return { ...common, protocol: 'http' }
  })
  const action: Action = redirect ?? (targets.some(({ weight }) => weight > 0) ? { type: 'forward', targets } : failure)
  return {
    action,
    policies,
    ...(unresolved ? { unresolved } : {}),
    ...(unsupported === undefined ? {} : { unsupported }),
  }
}

interface Found extends Pick<Mirror, 'pool' | 'protocol' | 'tls'> {
  /** A policy about it can't be followed. */
  readonly broken?: boolean
}

/** By what a backend is asked where a policy wants TLS. */
function secured(protocol: BackendProtocol, { holding }: Decision): Omit<Found, 'pool'> {
  if (!holding) return { protocol }
  const { tls } = holding
  return {
    protocol: protocol === 'http' || protocol === 'https' ? 'https' : 'h2',
    ...(tls ? { tls } : { broken: true }),
  }
}

function findBackend(
  { group = '', kind = 'Service', name, namespace, port }: BackendRef,
  source: RuleSource,
  { grants, service }: GatewayInputs,
): (Pick<Mirror, 'pool' | 'protocol'> & { readonly port: ServicePort }) | Verdict {
  const place = namespace ?? source.namespace
  const key = `${place}/${name}`
  if (group !== '' || kind !== 'Service') {
    return no('ResolvedRefs', 'InvalidKind', `backend ${kind} ${key} is no Service`)
  }
  if (!isGranted(grants, source, { kind: 'Service', namespace: place, name })) {
    return no('ResolvedRefs', 'RefNotPermitted', `no ReferenceGrant in ${place} allows to use service ${key}`)
  }
  const found = service(key)
  if (!found || found.spec.type === 'ExternalName') {
    return no('ResolvedRefs', 'BackendNotFound', `service ${key} ${found ? 'has no endpoints' : 'does not exist'}`)
  }
  const target = port === undefined ? undefined : servicePort(found, { number: port })
  if (!target) return no('ResolvedRefs', 'BackendNotFound', `service ${key} has no TCP port ${port ?? ''}`)
  const spoken = protocolOf(target.appProtocol)
  return {
    pool: { namespace: place, service: name, port: target.port },
    port: target,
    // A call is HTTP/2 in any case.
    protocol: source.kind === 'GRPCRoute' ? (spoken === 'https' ? 'h2' : 'h2c') : spoken,
  }
}
