import { deepEqual } from '#base'
import type { Resource } from '#api'
import { parseIP } from '#machinery'
import type { KubeObject } from '#machinery'
import { conditionsFor, yes } from './conditions.ts'
import type { GatewayOutcome, GatewayVerdicts } from './translate.ts'
import type { RouteOutcome } from './routes.ts'
import type { PolicyOutcome } from './backend-tls.ts'
import { backendTlsPolicies, gatewayClasses, gateways, grpcRoutes, httpRoutes } from './types.ts'
import type { AncestorStatus, GatewayClass, GatewayStatus, ParentRef, ParentStatus } from './types.ts'

/** An object whose status has to be written. */
export interface StatusChange {
  readonly resource: Resource<KubeObject>
  readonly object: KubeObject
}

export interface StatusOptions {
  readonly controllerName: string
  readonly published: readonly string[]
  /** RFC 3339. */
  readonly now: string
}

/** Objects with their new status, where that differs from what they have. */
export function statusChanges(
  { classes, gateways: all, routes, policies }: GatewayOutcome,
  options: StatusOptions,
): StatusChange[] {
  return [
    ...classes.flatMap((object) => changed(gatewayClasses, object, classStatus(object, options))),
    ...all.flatMap((each) => changed(gateways, each.gateway, gatewayStatus(each, options))),
    ...routes.flatMap((outcome) =>
      changed(outcome.kind === 'HTTPRoute' ? httpRoutes : grpcRoutes, outcome.route, routeStatus(outcome, options)),
    ),
    ...policies.flatMap((outcome) => changed(backendTlsPolicies, outcome.policy, policyStatus(outcome, options))),
  ]
}

function changed(
  { group, version, plural, kind, namespaced }: Resource<KubeObject>,
  object: KubeObject & { readonly status?: object },
  status: object | undefined,
): StatusChange[] {
  if (!status || deepEqual(object.status, status)) return []
  const resource = { group, version, plural, kind, namespaced }
  const written = { ...object, apiVersion: `${group}/${version}`, kind, status }
  return [{ resource, object: written }]
}

function classStatus({ metadata, status }: GatewayClass, { now }: StatusOptions): object {
  const others = (status?.conditions ?? []).filter(({ type }) => type !== 'Accepted')
  const own = conditionsFor([yes('Accepted')], metadata.generation ?? 0, status?.conditions, now)
  return { ...status, conditions: [...own, ...others] }
}

function gatewayStatus({ gateway, verdicts, listeners }: GatewayVerdicts, options: StatusOptions): GatewayStatus {
  const { published, now } = options
  const { generation = 0 } = gateway.metadata
  const before = gateway.status
  return {
    addresses: published.map((value) => ({ type: parseIP(value) === undefined ? 'Hostname' : 'IPAddress', value })),
    conditions: conditionsFor(verdicts, generation, before?.conditions, now),
    listeners: listeners.map(({ listener: { name }, kinds, attached, verdicts: said }) => ({
      name,
      supportedKinds: kinds,
      attachedRoutes: attached.size,
      conditions: conditionsFor(
        said,
        generation,
        before?.listeners?.find((each) => each.name === name)?.conditions,
        now,
      ),
    })),
  }
}

/** What others say of a route stays; nothing is written to routes that are none of ours. */
function routeStatus({ route, parents }: RouteOutcome, { controllerName, now }: StatusOptions): object | undefined {
  const before = route.status?.parents ?? []
  const others = before.filter((parent) => parent.controllerName !== controllerName)
  if (parents.length === 0 && others.length === before.length) return undefined
  const own = parents.map(({ ref, verdicts }): ParentStatus => {
    const old = before.find((each) => each.controllerName === controllerName && sameParent(each.parentRef, ref))
    return {
      parentRef: ref,
      controllerName,
      conditions: conditionsFor(verdicts, route.metadata.generation ?? 0, old?.conditions, now),
    }
  })
  return { ...route.status, parents: [...others, ...own] }
}

/** The same for policies, whose ancestors are the Gateways that have use for them. */
function policyStatus(
  { policy, ancestors }: PolicyOutcome,
  { controllerName, now }: StatusOptions,
): object | undefined {
  const before = policy.status?.ancestors ?? []
  const others = before.filter((ancestor) => ancestor.controllerName !== controllerName)
  if (ancestors.length === 0 && others.length === before.length) return undefined
  const own = ancestors.map(({ ref, verdicts }): AncestorStatus => {
    const old = before.find((each) => each.controllerName === controllerName && sameParent(each.ancestorRef, ref))
    return {
      ancestorRef: ref,
      conditions: conditionsFor(verdicts, policy.metadata.generation ?? 0, old?.conditions, now),
      controllerName,
    }
  })
  return { ...policy.status, ancestors: [...others, ...own] }
}

const sameParent = (a: ParentRef, b: ParentRef): boolean => deepEqual(a, b)
