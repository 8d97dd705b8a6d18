import { defer, Latch, sleep } from '#base'
import type { Clock, Component, Logger } from '#base'
import { Backoff } from '#client'
import type { Client, EventRecorder, InformerFactory } from '#client'
import { keyOf, timeOfMillis } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Ingress } from '#api/networking/v1'
import { statusChanges } from '../gateway/status.ts'
import { translateGateways } from '../gateway/translate.ts'
import type { GatewayOutcome } from '../gateway/translate.ts'
import type { ProxyEngine } from '../engine.ts'
import { renderStructure, withServers } from '../haproxy/render.ts'
import type { RenderOptions, Structure } from '../haproxy/render.ts'
import { isOurs } from '../ingress/class.ts'
import type { OwnClass } from '../ingress/class.ts'
import { translateIngresses } from '../ingress/translate.ts'
import type { Problem } from '../ingress/translate.ts'
import { ListenerSet } from '../model/collect.ts'
import type { CheckCertificate } from '../services/certificates.ts'
import { withoutOwners, withoutPorts } from './refused.ts'
import { Reporter } from './report.ts'
import { GatewaySources } from './gateway-sources.ts'
import { followSources } from './sources.ts'
import type { Sources } from './sources.ts'

export interface IngressControllerOptions extends RenderOptions {
  /** Whoever made it starts it. */
  readonly informers: InformerFactory
  /** Writes status. */
  readonly client: Client
  readonly recorder: EventRecorder
  readonly clock: Clock
  readonly logger: Logger
  readonly engine: ProxyEngine
  readonly checkCertificate: CheckCertificate
  readonly ownClass: OwnClass
  /** What a GatewayClass names when its Gateways are ours. */
  readonly gatewayController: string
  /** Addresses and names by which clients reach the engine: what Ingresses have in their status. */
  readonly published: readonly string[]
}

/** Serves the Ingresses of our classes. */
export interface IngressController extends Component {
  /** Resolves when routes are in force for the first time. */
  readonly ready: Promise<void>
}

/** Milliseconds in which changes of routes gather; those of endpoints don't wait. */
const gatherMs = 20
/** Milliseconds between two changes of routes: each leaves a process behind until its last request has ended. */
const spacingMs = 250
/** Times between tries to have a port that could not be had: whoever had it may be gone in a moment, or never. */
const portRetry = { initialMs: 500, maxMs: 30_000, factor: 2, jitter: 0, resetMs: 300_000 }

export function createIngressController(options: IngressControllerOptions): IngressController {
  return new Controller(options)
}

class Controller implements IngressController {
  readonly name = 'ingress'
  readonly #options: IngressControllerOptions
  readonly #ready = defer<void>()
  readonly #latch = new Latch()
  readonly #sources: Sources
  readonly #gateways: GatewaySources
  readonly #reporter: Reporter
  #routesChanged = true
  #structure: Structure | undefined
  #ours: readonly Ingress[] = []
  #problems: readonly Problem<Ingress>[] = []
  #gatewayOutcome: GatewayOutcome | undefined
  /** Versions of objects that have rules, by their kind and key. */
  #versions: ReadonlyMap<string, string> = new Map()
  /** Objects that the engine could not work with, in which version, and why. */
  readonly #refused = new Map<string, { readonly version: string; readonly message: string }>()
  readonly #portRetry: Backoff
  #closedPorts: ReadonlySet<number> = new Set()
  #lastRoutes = -Infinity

  constructor(options: IngressControllerOptions) {
    this.#options = options
    this.#reporter = new Reporter(options)
    this.#portRetry = new Backoff(options.clock, portRetry)
    const routes = (): void => {
      this.#routesChanged = true
      this.#latch.set()
    }
    this.#sources = followSources(options.informers, { routes, endpoints: () => this.#latch.set() })
    this.#gateways = new GatewaySources(options.informers, routes)
    options.engine.onEnded(() => this.#latch.set())
  }

  get ready(): Promise<void> {
    return this.#ready.promise
  }

  async start(signal: AbortSignal): Promise<void> {
    const { engine } = this.#options
    try {
      await Promise.all([this.#sources.synced(signal), this.#gateways.synced(signal)])
      await this.#run(signal)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      this.#sources.end()
      this.#gateways.end()
      await engine.close()
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options
    const retry = new Backoff(clock, { initialMs: 200, maxMs: 30_000, factor: 2, jitter: 0.1, resetMs: 60_000 })
    while (!signal.aborted) {
      try {
        if (await this.#sync()) await this.#latch.wait(signal)
        if (this.#routesChanged) await this.#gather(signal)
      } catch (error) {
        signal.throwIfAborted()
        logger.error('Routes could not be brought into force', { error: String(error) })
        await sleep(clock, retry.next(), signal)
      }
    }
  }

  /** Changes of routes wait for each other, and let endpoints go ahead meanwhile. */
  async #gather(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const due = Math.max(clock.monotonic() + gatherMs, this.#lastRoutes + spacingMs)
    while (clock.monotonic() < due) {
      await sleep(clock, Math.min(gatherMs, due - clock.monotonic()), signal)
      if (this.#structure) await this.#apply(this.#structure)
    }
  }

  /** @returns whether nothing is left to do. */
  async #sync(): Promise<boolean> {
    if (this.#routesChanged || !this.#structure) {
      this.#routesChanged = false
      this.#structure = this.#translate()
      this.#lastRoutes = this.#options.clock.monotonic()
    }
    if (!(await this.#apply(this.#structure))) return false
    this.#ready.resolve()
    this.#reporter.problems(this.#problems)
    await this.#reporter.status(this.#ours, this.#options.published)
    await this.#reporter.write(this.#gatewayStatus())
    return true
  }

  /** @returns whether it is in force. */
  async #apply(structure: Structure): Promise<boolean> {
    const { engine, logger, clock } = this.#options
    const { done, refused, closedPorts } = await engine.apply(
      withServers(structure, (pool) => this.#sources.endpoints(pool)),
    )
    if (done) return true
    for (const [owner, message] of refused) {
      logger.warn('Proxy refused the rules of an object, going on without it', { owner, message })
      this.#refused.set(owner, { version: this.#versionOf(owner), message })
    }
    for (const [port, message] of closedPorts) {
      logger.warn('Proxy can not have a port, going on without it', { port, message })
    }
    if (closedPorts.size > 0) {
      this.#closedPorts = new Set([...this.#closedPorts, ...closedPorts.keys()])
      clock.timer(this.#portRetry.next(), () => {
        this.#closedPorts = new Set()
        this.#routesChanged = true
        this.#latch.set()
      })
    }
    this.#routesChanged = true
    return false
  }

  #translate(): Structure {
    const { checkCertificate, ownClass } = this.#options
    const { referents, ingressClass } = this.#sources
    this.#ours = [...this.#sources.ingresses()].filter((ingress) => isOurs(ingress, ownClass, ingressClass))
    const gateways = this.#gateways.objects()
    this.#versions = new Map([
      ...versions('Ingress', this.#ours),
      ...versions('HTTPRoute', gateways?.httpRoutes ?? []),
      ...versions('GRPCRoute', gateways?.grpcRoutes ?? []),
      ...versions('Gateway', gateways?.gateways ?? []),
    ])
    for (const [owner, { version }] of this.#refused) {
      if (this.#versionOf(owner) !== version) this.#refused.delete(owner)
    }
    const set = new ListenerSet()
    const problems = translateIngresses(this.#ours, { ...referents, checkCertificate }, set)
    const refusals = this.#ours.flatMap((object): Problem<Ingress>[] => {
      const refusal = this.#refused.get(`Ingress ${keyOf(object)}`)
      return refusal ? [{ object, reason: 'Rejected', message: refusal.message }] : []
    })
    this.#problems = [...problems, ...refusals]
    this.#gatewayOutcome = gateways && translateGateways(this.#inputs(gateways), set)
    const model = withoutPorts({ listeners: set.listeners() }, this.#closedPorts)
    return renderStructure(withoutOwners(model, new Set(this.#refused.keys())), this.#options)
  }

  #inputs(gateways: NonNullable<ReturnType<GatewaySources['objects']>>): Parameters<typeof translateGateways>[0] {
    const { checkCertificate, gatewayController, published } = this.#options
    return {
      ...gateways,
      ...this.#sources.referents,
      checkCertificate,
      controllerName: gatewayController,
      published,
      closedPorts: this.#closedPorts,
      refused: new Map([...this.#refused].map(([owner, { message }]) => [owner, message])),
    }
  }

  #gatewayStatus(): ReturnType<typeof statusChanges> {
    const { clock, gatewayController, published } = this.#options
    if (!this.#gatewayOutcome) return []
    const now = timeOfMillis(clock.now())
    return statusChanges(this.#gatewayOutcome, { controllerName: gatewayController, published, now })
  }

  #versionOf(owner: string): string {
    return this.#versions.get(owner) ?? ''
  }
}

const versions = (kind: string, objects: readonly KubeObject[]): (readonly [string, string])[] =>
  objects.map((object) => [`${kind} ${keyOf(object)}`, `${object.metadata.uid} ${object.metadata.generation}`])
