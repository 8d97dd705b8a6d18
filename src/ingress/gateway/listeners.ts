import { selectorOf } from '#machinery'
import type { Certificate } from '../model/routing.ts'
import { readCertificate } from '../services/certificates.ts'
import { no, yes } from './conditions.ts'
import type { Verdict } from './conditions.ts'
import { isGranted } from './grants.ts'
import type { GatewayInputs } from './inputs.ts'
import { gatewayGroup } from './types.ts'
import type { Gateway, GatewayListener, RouteKind } from './types.ts'

/** A listener of one of our Gateways, and what became of it. */
export interface ListenerState {
  readonly gateway: Gateway
  readonly listener: GatewayListener
  readonly tls: boolean
  readonly hostname: string
  /** Kinds of routes that it takes. */
  readonly kinds: readonly RouteKind[]
  readonly certificates: readonly Certificate[]
  /** Routes that are attached, as `kind/namespace/name`. */
  readonly attached: Set<string>
  verdicts: readonly Verdict[]
  /** Whether it takes part. */
  programmed: boolean
}

const routeKinds = ['HTTPRoute', 'GRPCRoute']

/**
 * All listeners of our Gateways, the older Gateways' first: what comes later must not be in the way of what was there.
 *
 * @param taken whether a port has the other protocol for somebody else.
 */
export function readListeners(
  gateways: readonly Gateway[],
  inputs: GatewayInputs,
  taken: (port: number, tls: boolean) => boolean,
): ListenerState[] {
  const states = gateways.flatMap((gateway) =>
    gateway.spec.listeners.map((listener) => readListener(gateway, listener, inputs)),
  )
  for (const [index, state] of states.entries()) {
    const conflict = conflictOf(state, states, index, taken)
    if (!conflict) continue
    state.programmed = false
    state.verdicts = [
      no('Accepted', conflict.reason, conflict.message),
      no('Programmed', 'Invalid', conflict.message),
      ...state.verdicts.filter(({ type }) => type === 'ResolvedRefs'),
      { ...conflict, status: true },
    ]
  }
  return states
}

/** Ports have one protocol; a Gateway has a host name but once there. */
function conflictOf(
  state: ListenerState,
  all: readonly ListenerState[],
  index: number,
  taken: (port: number, tls: boolean) => boolean,
): Verdict | undefined {
  const { listener, gateway, hostname, tls } = state
  if (taken(listener.port, tls)) {
    return no('Conflicted', 'ProtocolConflict', `port ${listener.port} has another protocol for Ingresses`)
  }
  for (const [otherIndex, other] of all.entries()) {
    if (other === state || other.listener.port !== listener.port) continue
    const same = other.gateway === gateway
    if (other.listener.protocol !== listener.protocol && (same || otherIndex < index)) {
      return no('Conflicted', 'ProtocolConflict', `port ${listener.port} has another protocol already`)
    }
    if (same && other.listener.protocol === listener.protocol && other.hostname === hostname) {
      return no('Conflicted', 'HostnameConflict', `port ${listener.port} has this host name already`)
    }
  }
  return undefined
}

function readListener(gateway: Gateway, listener: GatewayListener, inputs: GatewayInputs): ListenerState {
  const { protocol, port, hostname = '', allowedRoutes } = listener
  const tls = protocol === 'HTTPS'
  const asked = allowedRoutes?.kinds ?? []
  const usable = asked.filter(({ group = gatewayGroup, kind }) => group === gatewayGroup && routeKinds.includes(kind))
  const kinds = (asked.length === 0 ? routeKinds.map((kind) => ({ kind })) : usable).map(({ kind }) => ({
    group: gatewayGroup,
    kind,
  }))
  const state = { gateway, listener, tls, hostname: hostname.toLowerCase(), kinds, attached: new Set<string>() }
  if (protocol !== 'HTTP' && !tls) {
    const message = `protocol ${protocol} is not supported`
    const verdicts = [no('Accepted', 'UnsupportedProtocol', message), no('Programmed', 'Invalid', message), fine]
    return { ...state, kinds: [], certificates: [], programmed: false, verdicts }
  }
  if (inputs.closedPorts.has(port)) {
    const message = `port ${port} can not be had on this machine`
    const verdicts = [no('Accepted', 'PortUnavailable', message), no('Programmed', 'Invalid', message), fine]
    return { ...state, certificates: [], programmed: false, verdicts }
  }
  const { certificates, problem } = tls ? certificatesOf(gateway, listener, inputs) : { certificates: [] }
  const unresolved =
    problem ??
    (usable.length < asked.length
      ? no('ResolvedRefs', 'InvalidRouteKinds', 'allowedRoutes names kinds that are not supported')
      : undefined)
  const programmed = !tls || certificates.length > 0
  return {
    ...state,
    certificates,
    programmed,
    verdicts: [
      yes('Accepted'),
      programmed ? yes('Programmed') : no('Programmed', 'Invalid', problem?.message ?? 'there is no certificate'),
      unresolved ?? yes('ResolvedRefs'),
      no('Conflicted', 'NoConflicts', ''),
    ],
  }
}

const fine = yes('ResolvedRefs')

function certificatesOf(
  { metadata }: Gateway,
  { tls }: GatewayListener,
  { grants, secret, checkCertificate }: GatewayInputs,
): { readonly certificates: readonly Certificate[]; readonly problem?: Verdict } {
  const own = metadata.namespace ?? ''
  const certificates: Certificate[] = []
  let problem: Verdict | undefined
  for (const { group = '', kind = 'Secret', name, namespace = own } of tls?.certificateRefs ?? []) {
    const key = `${namespace}/${name}`
    if (group !== '' || kind !== 'Secret') {
      problem ??= no('ResolvedRefs', 'InvalidCertificateRef', `${kind} ${key} is no Secret`)
    } else if (!isGranted(grants, { kind: 'Gateway', namespace: own }, { kind: 'Secret', namespace, name })) {
      problem ??= no('ResolvedRefs', 'RefNotPermitted', `no ReferenceGrant in ${namespace} allows to use secret ${key}`)
    } else {
      const read = readCertificate(secret(key), key, checkCertificate)
      if (typeof read === 'string') problem ??= no('ResolvedRefs', 'InvalidCertificateRef', read)
      else certificates.push({ ...read, names: [], owner: `Gateway ${own}/${metadata.name}` })
    }
  }
  return problem ? { certificates, problem } : { certificates }
}

/** Whether routes of a namespace may attach themselves. */
export function allowsNamespace(
  { gateway, listener }: ListenerState,
  namespace: string,
  labels: (namespace: string) => { readonly [name: string]: string } | undefined,
): boolean {
  const { from = 'Same', selector } = listener.allowedRoutes?.namespaces ?? {}
  if (from === 'All') return true
  if (from === 'Same') return gateway.metadata.namespace === namespace
  const found = labels(namespace)
  return found !== undefined && selectorOf(selector).matches(found)
}
