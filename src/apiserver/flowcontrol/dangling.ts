import { flowschemas } from '#api/flowcontrol/v1'
import type { FlowSchema, FlowSchemaCondition, PriorityLevelConfiguration } from '#api/flowcontrol/v1'
import { deepEqual } from '#base'
import type { CancelTimer } from '#base'
import type { Client } from '#client'
import { isConflict, isNotFound, quote } from '#machinery'
import { timestamp } from '../registry/metadata.ts'
import { followed } from '../registry/followed.ts'
import type { Followed } from '../registry/followed.ts'
import { followChanges, storedRegistry } from '../registry/follow.ts'
import type { Services } from '../services.ts'

const group = 'flowcontrol.apiserver.k8s.io'
const fieldManager = 'api-priority-and-fairness-config-consumer-v1'
/** Servers that disagree, such as those of two versions, must not write against each other all the time. */
const writesPerMinute = 6
const minute = 60_000

/** Writes into the status of flow schemas whether their priority level exists, until `signal` aborts. */
export function tellDangling(services: Services, client: Client, signal: AbortSignal): void {
  const { clock, logger } = services
  const teller = new DanglingTeller(services, client, signal)
  const change = (): void => teller.plan()
  const stops = ['flowschemas', 'prioritylevelconfigurations'].map((plural) =>
    followChanges(storedRegistry(services, group, plural), { clock, logger, change, reset: change }),
  )
  signal.addEventListener(
    'abort',
    () => {
      for (const stop of stops) stop()
      teller.cancel()
    },
    { once: true },
  )
  teller.plan()
}

class DanglingTeller {
  readonly #services: Services
  readonly #client: Client
  readonly #signal: AbortSignal
  readonly #schemas: Followed<FlowSchema>
  readonly #levels: Followed<PriorityLevelConfiguration>
  readonly #writes = new Map<string, readonly number[]>()
  #planned: CancelTimer | undefined
  #running = false
  #again = false

  constructor(services: Services, client: Client, signal: AbortSignal) {
    this.#services = services
    this.#client = client
    this.#signal = signal
    this.#schemas = followed<FlowSchema>(services, group, 'flowschemas')
    this.#levels = followed<PriorityLevelConfiguration>(services, group, 'prioritylevelconfigurations')
  }

  /** Something changed: looks at all in a moment, or once more when the look that is under way is over. */
  plan(): void {
    if (this.#signal.aborted) return
    if (this.#running) this.#again = true
    else this.#runIn(0)
  }

  cancel(): void {
    this.#planned?.()
  }

  #runIn(ms: number): void {
    this.#planned ??= this.#services.clock.timer(ms, () => void this.#run())
  }

  async #run(): Promise<void> {
    this.#planned = undefined
    this.#running = true
    try {
      await Promise.all([...this.#schemas.all('')].map((schema) => this.#check(schema)))
    } catch (error) {
      this.#services.logger.warn('Status of flow schemas could not be written', { error })
      this.#runIn(minute)
    }
    this.#running = false
    if (this.#again) {
      this.#again = false
      this.plan()
    }
  }

  async #check(schema: FlowSchema): Promise<void> {
    const { name = '' } = schema.metadata
    const level = schema.spec?.priorityLevelConfiguration.name ?? ''
    const wanted = danglingCondition(level, this.#levels.peek('', level) !== undefined)
    const known = schema.status?.conditions?.find(({ type }) => type === wanted.type)
    const { lastTransitionTime: _, ...told } = known ?? {}
    if (deepEqual(told, wanted) || !this.#mayWrite(name)) return
    const lastTransitionTime = timestamp(this.#services.clock.now())
    const object = { metadata: { name }, status: { conditions: [{ ...wanted, lastTransitionTime }] } }
    try {
      await this.#client.apply(flowschemas, object, { subresource: 'status', fieldManager, force: true })
    } catch (error) {
      // Whoever came in between makes a change that leads here again.
      if (!isNotFound(error) && !isConflict(error)) throw error
    }
  }

  #mayWrite(name: string): boolean {
    const now = this.#services.clock.now()
    const recent = (this.#writes.get(name) ?? []).filter((at) => now - at < minute)
    if (recent.length >= writesPerMinute) {
      this.#runIn(minute)
      return false
    }
    this.#writes.set(name, [...recent, now])
    return true
  }
}

function danglingCondition(level: string, exists: boolean): FlowSchemaCondition {
  const references = `This FlowSchema references the PriorityLevelConfiguration object named ${quote(level)}`
  return exists
    ? { type: 'Dangling', status: 'False', reason: 'Found', message: `${references} and it exists` }
    : { type: 'Dangling', status: 'True', reason: 'NotFound', message: `${references} but there is no such object` }
}
