import { hostPattern } from '../model/hosts.ts'
import type { ListenerSet } from '../model/collect.ts'
import { BackendPolicies } from './backend-tls.ts'
import type { PolicyOutcome } from './backend-tls.ts'
import { no, yes } from './conditions.ts'
import type { Verdict } from './conditions.ts'
import type { GatewayInputs } from './inputs.ts'
import { readListeners } from './listeners.ts'
import type { ListenerState } from './listeners.ts'
import { Attachment } from './routes.ts'
import type { RouteOutcome } from './routes.ts'
import type { Gateway, GatewayClass } from './types.ts'

/** What became of everything, for its status. */
export interface GatewayOutcome {
  readonly classes: readonly GatewayClass[]
  readonly gateways: readonly GatewayVerdicts[]
  readonly routes: readonly RouteOutcome[]
  readonly policies: readonly PolicyOutcome[]
}

export interface GatewayVerdicts {
  readonly gateway: Gateway
  readonly verdicts: readonly Verdict[]
  readonly listeners: readonly ListenerState[]
}

/** Adds the routes of our Gateways. @returns what its owners should know. */
export function translateGateways(inputs: GatewayInputs, set: ListenerSet): GatewayOutcome {
  const classes = inputs.classes.filter(({ spec }) => spec.controllerName === inputs.controllerName)
  const names = new Set(classes.map(({ metadata }) => metadata.name))
  const gateways = inputs.gateways.filter(({ spec }) => names.has(spec.gatewayClassName)).sort(byAge)
  const listeners = readListeners(gateways, inputs, (port, tls) => set.has(port, !tls))
  for (const { listener, tls, hostname, certificates, programmed } of listeners) {
    if (!programmed) continue
    const target = set.listener(listener.port, tls)
    // Its host names are its own, also where it has no route for a request.
    target.host(hostPattern(hostname, 'suffix'))
    const names = hostname === '' ? [] : [hostname]
    for (const certificate of certificates) target.certificate({ ...certificate, names })
  }
  const policies = new BackendPolicies(inputs.policies, inputs.configMap)
  const attachment = new Attachment(inputs, listeners, set, policies)
  const routes = [
    ...inputs.httpRoutes.map((route) => attachment.attach(route, 'HTTPRoute')),
    ...inputs.grpcRoutes.map((route) => attachment.attach(route, 'GRPCRoute')),
  ]
  return {
    classes,
    gateways: gateways.map((gateway) => {
      const own = listeners.filter((state) => state.gateway === gateway)
      return { gateway, listeners: own, verdicts: verdictsOf(gateway, own, inputs) }
    }),
    routes,
    policies: policies.outcomes(),
  }
}

function verdictsOf({ spec }: Gateway, listeners: readonly ListenerState[], { published }: GatewayInputs): Verdict[] {
  const isAccepted = ({ verdicts }: ListenerState): boolean =>
    verdicts.some(({ type, status }) => type === 'Accepted' && status)
  const accepted = listeners.filter(isAccepted).length
  const verdict =
    accepted === listeners.length
      ? yes('Accepted')
      : { ...yes('Accepted', 'ListenersNotValid', 'some listeners are not valid'), status: accepted > 0 }
  const foreign = (spec.addresses ?? []).find(({ value = '' }) => value !== '' && !published.includes(value))
  if (foreign) return [verdict, no('Programmed', 'AddressNotUsable', `address ${foreign.value} is not of this machine`)]
  if (published.length === 0) return [verdict, no('Programmed', 'AddressNotAssigned', 'there is no address')]
  return [
    verdict,
    listeners.some(({ programmed }) => programmed)
      ? yes('Programmed')
      : no('Programmed', 'Invalid', 'no listener can be served'),
  ]
}

function byAge(a: Gateway, b: Gateway): number {
  const key = ({ metadata }: Gateway): string =>
    `${metadata.creationTimestamp ?? ''} ${metadata.namespace}/${metadata.name}`
  return key(a) < key(b) ? -1 : 1
}
