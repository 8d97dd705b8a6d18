import { deepEqual } from '#base'
import type { Logger } from '#base'
import { ingresses } from '#api/networking/v1'
import type { Ingress, IngressLoadBalancerIngress } from '#api/networking/v1'
import type { Client, EventRecorder } from '#client'
import { ipFamilyOf, isConflict, isNotFound, keyOf } from '#machinery'
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

  /** @param addresses by which clients reach them. */
  async status(all: Iterable<Ingress>, addresses: readonly string[]): Promise<void> {
    const wanted = addresses.map((address): IngressLoadBalancerIngress =>
      ipFamilyOf(address) === undefined ? { hostname: address } : { ip: address },
    )
    for (const ingress of all) {
      const { ingress: present = [] } = ingress.status?.loadBalancer ?? {}
      if (deepEqual(present, wanted)) continue
      try {
        const status = { loadBalancer: wanted.length > 0 ? { ingress: wanted } : {} }
        await this.#options.client.update(ingresses, { ...ingress, status }, { subresource: 'status' })
      } catch (error) {
        // Whoever changed it meanwhile is heard of soon.
        if (isConflict(error) || isNotFound(error)) continue
        this.#options.logger.warn('Status of an Ingress could not be written', { ingress: keyOf(ingress), error })
      }
    }
  }
}
