import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '#base'
import { serve, streaming, unary, type GrpcServer, type ServingMethod } from '#grpc'
import type { ClaimReference, PreparedDevice } from '#kubelet'
import { draHealth, draServices } from '../../../src/kubelet/host/dra/messages.ts'
import { registration } from '../../../src/kubelet/host/plugins/messages.ts'

export interface SampleDriverOptions {
  /** Folder where the agent looks for plugins. */
  readonly registry: string
  /** Folder of the driver's own socket. */
  readonly folder: string
  readonly driver: string
  /** Tells instances of one driver apart. */
  readonly instance?: string
  /** What it registers with. */
  readonly services?: readonly string[]
  /** What it prepares for a claim; it can throw, and answer for nobody. */
  readonly prepare?: (claim: ClaimReference) => readonly PreparedDevice[] | undefined
  /** Waited for before an answer. */
  readonly pause?: () => Promise<void> | undefined
  /** Called before a claim is given back. @throws Error which the agent is told of that claim. */
  readonly unprepare?: (claim: ClaimReference) => void
  /** Whether it watches over its devices. */
  readonly tellsHealth?: boolean
}

export interface SampleHealth {
  readonly device: { readonly poolName: string; readonly deviceName: string }
  readonly health: 'Healthy' | 'Unhealthy' | 'Unknown'
  readonly message?: string
  readonly healthCheckTimeoutSeconds?: number
}

/** A driver for dynamically allocated resources, with one socket to register and one to serve. */
export class SampleDriver {
  readonly #options: SampleDriverOptions
  /** `verb name,name` of the calls that came. */
  readonly calls: string[] = []
  /** What the agent has told it of its registration. */
  readonly told: unknown[] = []
  #registrar: GrpcServer | undefined
  #server: GrpcServer | undefined
  #health: readonly SampleHealth[] = []
  #changed = new AbortController()

  constructor(options: SampleDriverOptions) {
    this.#options = options
  }

  get endpoint(): string {
    const { folder, driver, instance = '' } = this.#options
    return join(folder, `${driver}${instance}.sock`)
  }

  async start(): Promise<void> {
    await this.serve()
    await this.register()
  }

  async register(): Promise<void> {
    const { registry, driver, instance = '', services = ['v1.DRAPlugin', 'v1beta1.DRAPlugin'] } = this.#options
    await mkdir(registry, { recursive: true })
    const info = { type: 'DRAPlugin', name: driver, endpoint: this.endpoint, versions: services }
    this.#registrar = await serve(join(registry, `${driver}${instance}-reg.sock`), [
      unary(registration.info, () => info),
      unary(registration.notify, (status) => {
        this.told.push(status)
        return {}
      }),
    ])
  }

  async serve(): Promise<void> {
    const { services = Object.keys(draServices), tellsHealth = false } = this.#options
    const methods: ServingMethod[] = services.flatMap((name) => {
      const service = draServices[name]
      if (!service) return []
      return [
        unary<Claims>(service.prepare, ({ claims }) => this.#answers('prepare', claims)),
        unary<Claims>(service.unprepare, ({ claims }) => this.#answers('unprepare', claims)),
      ]
    })
    if (tellsHealth) methods.push(streaming(draHealth.watch, (_, { signal }) => this.#reports(signal)))
    this.#server = await serve(this.endpoint, methods)
  }

  setHealth(health: readonly SampleHealth[]): void {
    this.#health = health
    this.#changed.abort()
    this.#changed = new AbortController()
  }

  /** Its socket goes; it stays registered. */
  async stopServing(): Promise<void> {
    await this.#server?.close()
    this.#server = undefined
  }

  async deregister(): Promise<void> {
    await this.#registrar?.close()
    this.#registrar = undefined
  }

  async stop(): Promise<void> {
    await this.deregister()
    await this.stopServing()
  }

  async #answers(verb: 'prepare' | 'unprepare', claims: readonly ClaimReference[]): Promise<object> {
    this.calls.push(`${verb} ${claims.map(({ name }) => name).join(',')}`)
    await this.#options.pause?.()
    return { claims: claims.flatMap((claim) => this.#answer(verb, claim)) }
  }

  #answer(verb: 'prepare' | 'unprepare', claim: ClaimReference): readonly object[] {
    const { prepare = usualDevice, unprepare } = this.#options
    const { uid } = claim
    try {
      if (verb === 'prepare') {
        const devices = prepare(claim)
        return devices ? [{ uid, answer: { devices } }] : []
      }
      unprepare?.(claim)
      return [{ uid, answer: {} }]
    } catch (error) {
      return [{ uid, answer: { error: messageOf(error) } }]
    }
  }

  async *#reports(signal: AbortSignal): AsyncGenerator<object> {
    while (!signal.aborted) {
      const changed = this.#changed.signal
      yield { devices: this.#health }
      await once(AbortSignal.any([changed, signal]), 'abort')
    }
  }
}

interface Claims {
  readonly claims: readonly ClaimReference[]
}

/** One device for each claim, named after it. */
export const usualDevice = ({ name }: ClaimReference): readonly PreparedDevice[] => [
  { requestNames: [], poolName: 'node-1', deviceName: name, cdiDeviceIds: [`example.com/gpu=${name}`] },
]
