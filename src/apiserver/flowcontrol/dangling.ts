import { flowschemas } from '#api/flowcontrol/v1'
import type { FlowSchema, FlowSchemaCondition, PriorityLevelConfiguration } from '#api/flowcontrol/v1'
import { deepEqual } from '#base'
import type { Client } from '#client'
import { isConflict, isNotFound, quote } from '#machinery'
import { timestamp } from '../registry/metadata.ts'
import { followed } from '../registry/followed.ts'
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
  const schemas = followed<FlowSchema>(services, group, 'flowschemas')
  const levels = followed<PriorityLevelConfiguration>(services, group, 'prioritylevelconfigurations')
  const writes = new Map<string, readonly number[]>()
  let planned: (() => void) | undefined
  let running = false
  let again = false

  function plan(): void {
    if (signal.aborted) return
    if (running) again = true
    else planned ??= clock.timer(0, () => void runOnce())
  }

  async function runOnce(): Promise<void> {
    planned = undefined
    running = true
    try {
      await Promise.all([...schemas.all('')].map(check))
    } catch (error) {
      logger.warn('Status of flow schemas could not be written', { error })
      planned ??= clock.timer(minute, () => void runOnce())
    }
    running = false
    if (again) {
      again = false
      plan()
    }
  }

  async function check(schema: FlowSchema): Promise<void> {
    const { name = '' } = schema.metadata
    const level = schema.spec?.priorityLevelConfiguration.name ?? ''
    const wanted = danglingCondition(level, levels.peek('', level) !== undefined)
    const known = schema.status?.conditions?.find(({ type }) => type === wanted.type)
    const { lastTransitionTime: _, ...told } = known ?? {}
    if (deepEqual(told, wanted) || !mayWrite(name)) return
    const lastTransitionTime = timestamp(clock.now())
    const object = {
      metadata: { name },
      status: { conditions: [{ ...wanted, lastTransitionTime }] },
    }
    try {
      await client.apply(flowschemas, object, { subresource: 'status', fieldManager, force: true })
    } catch (error) {
      // Whoever came in between makes a change that leads here again.
      if (!isNotFound(error) && !isConflict(error)) throw error
    }
  }

  function mayWrite(name: string): boolean {
    const now = clock.now()
    const recent = (writes.get(name) ?? []).filter((at) => now - at < minute)
    if (recent.length >= writesPerMinute) {
      planned ??= clock.timer(minute, () => void runOnce())
      return false
    }
    writes.set(name, [...recent, now])
    return true
  }

  const stops = ['flowschemas', 'prioritylevelconfigurations'].map((plural) =>
    followChanges(storedRegistry(services, group, plural), { clock, logger, change: plan, reset: plan }),
  )
  signal.addEventListener(
    'abort',
    () => {
      for (const stop of stops) stop()
      planned?.()
    },
    { once: true },
  )
  plan()
}

function danglingCondition(level: string, exists: boolean): FlowSchemaCondition {
  const references = `This FlowSchema references the PriorityLevelConfiguration object named ${quote(level)}`
  return exists
    ? { type: 'Dangling', status: 'False', reason: 'Found', message: `${references} and it exists` }
    : { type: 'Dangling', status: 'True', reason: 'NotFound', message: `${references} but there is no such object` }
}
