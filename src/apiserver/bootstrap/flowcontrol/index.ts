import { flowschemas, prioritylevelconfigurations } from '#api/flowcontrol/v1'
import type { FlowSchema, PriorityLevelConfiguration } from '#api/flowcontrol/v1'
import type { Resource } from '#api'
import type { Client } from '#client'
import type { Services } from '../../services.ts'
import { ensure } from '../ensure.ts'
import type { Plan } from '../ensure.ts'
import { mandatoryLevels, mandatorySchemas, suggestedLevels, suggestedSchemas } from './objects.ts'
import { planConfiguration, planFormer } from './plan.ts'

const write = { fieldManager: 'api-priority-and-fairness-config-producer-v1' }

/**
 * Sees to it that the flow schemas and priority levels of every cluster are there. Cheap when they are.
 * @throws StatusError when one can't be written
 */
export async function ensureFlowControl(services: Services, client: Client): Promise<void> {
  await Promise.all([
    ...ensureAll(services, client, prioritylevelconfigurations, mandatoryLevels, suggestedLevels),
    ...ensureAll(services, client, flowschemas, mandatorySchemas, suggestedSchemas),
  ])
}

function ensureAll<T extends FlowSchema | PriorityLevelConfiguration>(
  services: Services,
  client: Client,
  resource: Resource<T>,
  mandatory: readonly T[],
  suggested: readonly T[],
): Promise<void>[] {
  const one = (name: string, plan: (existing: T | undefined) => Plan<T>): Promise<void> =>
    ensure<T>({
      client,
      resource,
      plan,
      read: () => services.peek<T>(resource.group, resource.plural, '', name),
      write,
    })
  const nameOf = ({ metadata }: T): string => metadata.name ?? ''
  const known = new Set([...mandatory, ...suggested].map(nameOf))
  const former = [...services.peekAll<T>(resource.group, resource.plural, '')].filter(
    (object) => !known.has(nameOf(object)),
  )
  return [
    ...mandatory.map((object) => one(nameOf(object), (existing) => planConfiguration(existing, object, true))),
    ...suggested.map((object) => one(nameOf(object), (existing) => planConfiguration(existing, object, false))),
    ...former.map((object) => one(nameOf(object), planFormer)),
  ]
}
