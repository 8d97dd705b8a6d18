import type { Service } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import { deepEqual } from '#base'
import { keyOf } from '#machinery'
import type { ServicePortRules } from '../packet-filter.ts'
import { FrontendClaims, frontendKey } from './claims.ts'
import { healthCheckOf } from './health.ts'
import type { HealthCheck } from './health.ts'
import { rulesOfService } from './service.ts'
import type { ProxyNode } from './service.ts'

const serviceNameLabel = 'kubernetes.io/service-name'

/** One service with everything that belongs to it, as last seen and as last turned into rules. */
interface ServiceState {
  service?: Service
  readonly slices: Map<string, EndpointSlice>
  /** By the key of the service port. What it wants: a frontend that another has is still among these. */
  wanted: ReadonlyMap<string, ServicePortRules>
}

/**
 * Services and their slices as they come in, turned into rules. Work is done for services that changed only, in
 * {@link RuleTable.take}.
 */
export class RuleTable {
  #node: ProxyNode
  readonly #services = new Map<string, ServiceState>()
  readonly #dirty = new Set<string>()
  readonly #claims = new FrontendClaims()
  readonly #rules = new Map<string, ServicePortRules>()
  readonly #healthChecks = new Map<string, HealthCheck>()

  constructor(node: ProxyNode) {
    this.#node = node
  }

  /** A service was written; what it was before does not matter. */
  setService(service: Service): void {
    this.#stateOf(keyOf(service)).service = service
  }

  deleteService(service: Service): void {
    delete this.#stateOf(keyOf(service)).service
  }

  /** A slice was written. Slices of no service, and those that moved to another one, are sorted out. */
  setSlice(slice: EndpointSlice, previous?: EndpointSlice): void {
    const owner = ownerOf(slice)
    const before = previous && ownerOf(previous)
    if (before !== undefined && before !== owner) this.deleteSlice(previous as EndpointSlice)
    if (owner !== undefined) this.#stateOf(owner).slices.set(slice.metadata.name ?? '', slice)
  }

  deleteSlice(slice: EndpointSlice): void {
    const owner = ownerOf(slice)
    if (owner !== undefined) this.#stateOf(owner).slices.delete(slice.metadata.name ?? '')
  }

  /** The node changed: everything is computed anew with the next {@link take}. */
  setNode(node: ProxyNode): void {
    if (deepEqual(node, this.#node)) return
    this.#node = node
    for (const key of this.#services.keys()) this.#dirty.add(key)
  }

  /** All rules as of the last {@link take}. */
  get rules(): ReadonlyMap<string, ServicePortRules> {
    return this.#rules
  }

  get healthChecks(): ReadonlyMap<string, HealthCheck> {
    return this.#healthChecks
  }

  /** What changed since the last call: rules by the key of their service port, `undefined` for those that are gone. */
  take(): ReadonlyMap<string, ServicePortRules | undefined> {
    const touched = new Set<string>()
    for (const key of this.#dirty) this.#compute(key, touched)
    this.#dirty.clear()
    const change = new Map<string, ServicePortRules | undefined>()
    for (const servicePort of touched) {
      const rules = this.#granted(servicePort)
      const before = this.#rules.get(servicePort)
      if (deepEqual(rules, before)) continue
      if (rules) this.#rules.set(servicePort, rules)
      else this.#rules.delete(servicePort)
      change.set(servicePort, rules)
    }
    return change
  }

  #stateOf(key: string): ServiceState {
    this.#dirty.add(key)
    let state = this.#services.get(key)
    if (!state) this.#services.set(key, (state = { slices: new Map(), wanted: new Map() }))
    return state
  }

  #compute(key: string, touched: Set<string>): void {
    const state = this.#services.get(key)
    if (!state) return
    const slices = [...state.slices.values()]
    const check = state.service && healthCheckOf(state.service, slices, this.#node.nodeName)
    if (check) this.#healthChecks.set(key, check)
    else this.#healthChecks.delete(key)
    const wanted = new Map<string, ServicePortRules>()
    for (const rules of state.service ? rulesOfService(state.service, slices, this.#node) : []) {
      wanted.set(servicePortKey(rules), rules)
    }
    for (const [servicePort, rules] of state.wanted) {
      touched.add(servicePort)
      const kept = new Set(wanted.get(servicePort)?.frontends.map((each) => frontendKey(rules, each)))
      for (const frontend of rules.frontends) {
        const place = frontendKey(rules, frontend)
        const heir = kept.has(place) ? undefined : this.#claims.release(place, servicePort)
        if (heir !== undefined) touched.add(heir)
      }
    }
    for (const servicePort of wanted.keys()) touched.add(servicePort)
    state.wanted = wanted
    if (!state.service && state.slices.size === 0) this.#services.delete(key)
  }

  /** The rules of a service port without the frontends that others have. */
  #granted(servicePort: string): ServicePortRules | undefined {
    const rules = this.#services.get(servicePort.slice(0, servicePort.indexOf(':')))?.wanted.get(servicePort)
    if (!rules) return undefined
    const frontends = rules.frontends.filter((each) => this.#claims.claim(frontendKey(rules, each), servicePort))
    return frontends.length === rules.frontends.length ? rules : { ...rules, frontends }
  }
}

function servicePortKey({ namespace, service, port, protocol, family }: ServicePortRules): string {
  return `${namespace}/${service}:${port}/${protocol}/${family}`
}

function ownerOf(slice: EndpointSlice): string | undefined {
  const service = slice.metadata.labels?.[serviceNameLabel]
  return service ? `${slice.metadata.namespace ?? ''}/${service}` : undefined
}
