import { deepEqual } from '#base'
import type { Logger } from '#base'
import { ingresses } from '#api/networking/v1'
import type { Ingress, IngressLoadBalancerIngress } from '#api/networking/v1'
import type { Client, EventRecorder } from '#client'
import { isConflict, isNotFound, keyOf, parseIP } from '#machinery'
import type { StatusChange } from '../gateway/status.ts'
import type { Problem } from '../ingress/translate.ts'

/** Objects of lists don't say what they are. */
const kind = { kind: 'Ingress', apiVersion: 'networking.k8s.io/v1' } as const

export interface ReporterOptions {
  readonly client: Client
  readonly recorder: EventRecorder
  readonly logger: Logger
}

/** Tells owners of Ingresses what became of them: where they are reached, and what is wrong. */
export class Reporter {
  readonly #options: ReporterOptions
  /** What was told of already. */
  #told = new Set<string>()

  constructor(options: ReporterOptions) {
    this.#options = options
  }

  /** Each problem once, until it is gone and comes again. */
  problems(problems: readonly Problem<Ingress>[]): void {
    const told = new Set<string>()
    for (const { object, reason, message } of problems) {
      const key = `${object.metadata.uid} ${reason} ${message}`
      if (!told.has(key) && !this.#told.has(key))
        this.#options.recorder.event({ ...object, ...kind }, 'Warning', reason, message)
      told.add(key)
    }
    this.#told = told
  }

  /** Writes status that was worked out. */
  async write(changes: readonly StatusChange[]): Promise<void> {
    for (const { resource, object } of changes) {
      try {
        await this.#options.client.update(resource, object, { subresource: 'status' })
      } catch (error) {
        // Whoever changed it meanwhile is heard of soon.
        if (isConflict(error) || isNotFound(error)) continue
        this.#options.logger.warn('Status could not be written', { kind: resource.kind, key: keyOf(object), error })
      }
    }
  }

  /** @param addresses by which clients reach them. */
  async status(all: Iterable<Ingress>, addresses: readonly string[]): Promise<void> {
    const wanted = addresses.map((address): IngressLoadBalancerIngress =>
      parseIP(address) === undefined ? { hostname: address } : { ip: address },
    )
    for (const ingress of all) {
      const { ingress: present = [] } = ingress.status?.loadBalancer ?? {}
      if (deepEqual(present, wanted)) continue
      const status = { loadBalancer: wanted.length > 0 ? { ingress: wanted } : {} }
      const object: Ingress = { ...ingress, ...kind, status }
      await this.write([{ resource: ingresses, object }])
    }
  }
}
