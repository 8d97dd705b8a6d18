import { addAbortListener, messageOf } from '#base'
import type { APIResourceDiscovery } from '#api/apidiscovery/v2'
import { apiservices } from '#api/apiregistration/v1'
import type { APIService, APIServiceCondition } from '#api/apiregistration/v1'
import type { Service } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { Client } from '#client'
import { decodeText, hostPort, isConflict, isNotFound, quote } from '#machinery'
import type { KubeObject } from '#machinery'
import { whole } from '../proxy/whole.ts'
import { followChanges, storedRegistry } from '../registry/follow.ts'
import { followed } from '../registry/followed.ts'
import type { Followed } from '../registry/followed.ts'
import { timestamp } from '../registry/metadata.ts'
import type { RemoteVersion } from '../resource/table.ts'
import type { Services } from '../services.ts'
import { discoveredResources, resourceListIn } from './discovered.ts'
import { backendOf, identityHeaders, isRemote } from './service.ts'
import type { RemoteAPIService } from './service.ts'

const recheckMs = 30_000
const answerMs = 5000
/** What changes together is looked at together. */
const settleMs = 100

type Finding = Pick<APIServiceCondition, 'status' | 'reason' | 'message'>

/** Says of APIServices that other servers answer for whether those do. */
export class RemoteAPIServices {
  readonly #services: Services
  readonly #client: Client
  /** What servers told of themselves, by name of the APIService. */
  readonly #told = new Map<string, readonly APIResourceDiscovery[]>()
  readonly #apiServices: Followed<APIService & KubeObject>
  /** Those that other servers answer for, and of which state of all APIServices they are. */
  #remote: { readonly version: number; readonly services: readonly RemoteAPIService[] } = { version: -1, services: [] }
  #cancelTimer: (() => void) | undefined
  #checking = false
  #again = false

  /** @param client of the server itself, for writes */
  constructor(services: Services, client: Client) {
    this.#services = services
    this.#client = client
    this.#apiServices = followed(services, 'apiregistration.k8s.io', 'apiservices')
  }

  /** Checks whenever something changes that they depend on, and from time to time, until the signal. */
  run(signal: AbortSignal): void {
    const { clock, logger } = this.#services
    const wake = (): void => this.#wake(signal, settleMs)
    const follow = (group: string, plural: string, concerns: () => boolean): (() => void) =>
      followChanges(storedRegistry(this.#services, group, plural), {
        clock,
        logger,
        change: () => {
          if (concerns()) wake()
        },
        reset: wake,
      })
    const any = (): boolean => this.#remotes().length > 0
    const stops = [
      follow('apiregistration.k8s.io', 'apiservices', () => any() || this.#services.resources.remotes.length > 0),
      follow('', 'services', any),
      follow('discovery.k8s.io', 'endpointslices', any),
    ]
    wake()
    const end = (): void => {
      for (const stop of stops) stop()
      this.#cancelTimer?.()
    }
    addAbortListener(signal, end)
  }

  /** Asked for with every change of a Service or its endpoints. */
  #remotes(): readonly RemoteAPIService[] {
    const { version } = this.#apiServices
    if (this.#remote.version !== version) {
      this.#remote = { version, services: [...this.#apiServices.all('')].filter(isRemote) }
    }
    return this.#remote.services
  }

  #wake(signal: AbortSignal, delayMs: number): void {
    if (this.#checking) {
      this.#again = true
      return
    }
    this.#cancelTimer?.()
    this.#cancelTimer = this.#services.clock.timer(delayMs, () => {
      this.#checkAll(signal).catch((error: unknown) => {
        if (!signal.aborted) this.#services.logger.error('APIServices could not be checked', { error })
      })
    })
  }

  async #checkAll(signal: AbortSignal): Promise<void> {
    this.#checking = true
    this.#again = false
    const remotes = this.#remotes()
    const names = new Set(remotes.map(({ metadata }) => metadata.name))
    for (const name of this.#told.keys()) if (!names.has(name)) this.#told.delete(name)
    try {
      const versions = await Promise.all(
        remotes.map(async (one) => {
          const finding = await this.#find(one, signal)
          await this.#write(one, finding)
          return this.#version(one, finding)
        }),
      )
      this.#services.resources.remotes = versions
    } finally {
      this.#checking = false
      if (!signal.aborted && remotes.length > 0) this.#wake(signal, this.#again ? settleMs : recheckMs)
    }
  }

  #version({ metadata, spec }: RemoteAPIService, { status }: Finding): RemoteVersion {
    return {
      group: spec.group ?? '',
      version: spec.version ?? '',
      groupPriority: spec.groupPriorityMinimum,
      versionPriority: spec.versionPriority,
      resources: this.#told.get(metadata.name ?? '') ?? [],
      stale: status !== 'True',
    }
  }

  async #find(object: RemoteAPIService, signal: AbortSignal): Promise<Finding> {
    const { namespace = '', name = '', port = 443 } = object.spec.service
    const which = `service/${name} in ${quote(namespace)}`
    const service = this.#services.peek<Service & KubeObject>('', 'services', namespace, name)
    if (!service) return missing('ServiceNotFound', `${which} is not present`)
    if ((service.spec?.type ?? 'ClusterIP') === 'ClusterIP') {
      const listening = (service.spec?.ports ?? []).find((one) => one.port === port)
      if (!listening) return missing('ServicePortError', `${which} is not listening on port ${port}`)
      const slices = [
        ...this.#services.peekAll<EndpointSlice & KubeObject>('discovery.k8s.io', 'endpointslices', namespace),
      ].filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)
      if (slices.length === 0) return missing('EndpointsNotFound', `cannot find endpointslices for ${which}`)
      const portName = listening.name ?? ''
      if (!slices.some((slice) => isReady(slice, portName))) {
        const why = `endpointslices for ${which} have no addresses with port name ${quote(portName)}`
        return missing('MissingEndpoints', why)
      }
    }
    const problem = await this.#problem(object, signal)
    return problem === undefined
      ? { status: 'True', reason: 'Passed', message: 'all checks passed' }
      : missing('FailedDiscoveryCheck', problem)
  }

  /** What is wrong with the server's answer about the group version. */
  async #problem(object: RemoteAPIService, signal: AbortSignal): Promise<string | undefined> {
    const { group = '', version = '', service } = object.spec
    const { name = '', namespace = '' } = service
    const identity = identityHeaders({ name: 'system:kube-aggregator', groups: ['system:masters'] })
    const late = new AbortController()
    const cancel = this.#services.clock.timer(answerMs, () => late.abort(new Error('context deadline exceeded')))
    const path = `/apis/${group}/${version}`
    let url = path
    try {
      const backend = backendOf(object, this.#services)
      url = `https://${hostPort(backend.host, backend.port)}${path}`
      const { code, body } = await this.#services.backends({
        backend,
        method: 'GET',
        target: path,
        repeated: identity.repeated,
        headers: { ...identity.headers, accept: 'application/json', host: `${name}.${namespace}.svc` },
        signal: AbortSignal.any([signal, late.signal]),
      })
      const text = decodeText(await whole(body))
      if (code < 200 || code > 299) return `failing or missing response from ${url}: bad status from ${url}: ${code}`
      const listed = resourceListIn(text)
      if (listed) this.#told.set(object.metadata.name ?? '', discoveredResources(listed))
      return undefined
    } catch (error) {
      return url === path
        ? messageOf(error)
        : `failing or missing response from ${url}: Get ${quote(url)}: ${messageOf(error)}`
    } finally {
      cancel()
    }
  }

  async #write(object: RemoteAPIService, { status, reason, message }: Finding): Promise<void> {
    const before = (object.status?.conditions ?? []).find(({ type }) => type === 'Available')
    if (before?.status === status && before.reason === reason && before.message === message) return
    const lastTransitionTime =
      before?.status === status ? before.lastTransitionTime : timestamp(this.#services.clock.now())
    const condition: APIServiceCondition = {
      type: 'Available',
      status,
      ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }),
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
    }
    const others = (object.status?.conditions ?? []).filter(({ type }) => type !== 'Available')
    const updated = { ...object, status: { ...object.status, conditions: [...others, condition] } }
    await this.#client.update(apiservices, updated, { subresource: 'status' }).catch((error: unknown) => {
      // Whoever was faster makes a change that is looked at next.
      if (!isConflict(error) && !isNotFound(error)) throw error
    })
  }
}

function missing(reason: string, message: string): Finding {
  return { status: 'False', reason, message }
}

function isReady({ endpoints, ports }: EndpointSlice, portName: string): boolean {
  return (
    (endpoints ?? []).some(({ conditions }) => conditions?.ready !== false) &&
    (ports ?? []).some(({ name = '', port }) => name === portName && port !== undefined)
  )
}
