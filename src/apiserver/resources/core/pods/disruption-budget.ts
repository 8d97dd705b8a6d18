import type { Draft } from '#api'
import type { Pod } from '#api/core/v1'
import type { Condition } from '#api/meta/v1'
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '#api/policy/v1'
import { forbidden, selectorOf, SelectorError, StatusError, timeout, tooManyRequests } from '#machinery'
import type { Selector } from '#machinery'
import { timestamp } from '../../../registry/metadata.ts'
import type { RequestContext } from '../../../request/context.ts'
import { fieldManagerOf } from '../../../resource/field-managers.ts'
import { endpointOf, registryFor } from './registry.ts'

/** Evictions that the disruption controller has not heard of yet, at most. */
const mostDisrupted = 2000
const attempts = 20

/** Budgets whose selectors match a pod; one with a broken selector matches none. */
export function budgetsOf(pod: Pod, { services }: RequestContext): PodDisruptionBudget[] {
  const all = services.peekAll<PodDisruptionBudget>('policy', 'poddisruptionbudgets', pod.metadata.namespace ?? '')
  return [...all].filter(({ spec }) => selectorOrNone(spec?.selector)?.matches(pod.metadata.labels) === true)
}

function selectorOrNone(selector: Parameters<typeof selectorOf>[0]): Selector | undefined {
  try {
    return selectorOf(selector)
  } catch (error) {
    if (error instanceof SelectorError) return undefined
    throw error
  }
}

/**
 * Takes one disruption from a budget for a pod.
 * @throws StatusError TooManyRequests when none is left.
 */
export async function takeDisruption(budget: PodDisruptionBudget, pod: Pod, context: RequestContext): Promise<void> {
  const { resources } = context.services
  const registry = registryFor('policy', 'poddisruptionbudgets', context)
  const manager = fieldManagerOf(endpointOf('policy', 'poddisruptionbudgets', context), 'status', resources)
  const { name = '', namespace = '' } = budget.metadata
  const key = registry.objects.key(namespace, name)
  let current: PodDisruptionBudget | undefined = budget
  for (let attempt = 0; attempt < attempts && current; attempt++) {
    checkBudget(current)
    if (context.dryRun) return
    const now = timestamp(context.clock.now())
    const taken = withDisruption(current, pod.metadata.name ?? '', now)
    const managed = manager.update(current, taken, { manager: 'kube-apiserver', now })
    const revision = Number(current.metadata.resourceVersion)
    const { committed, entry } = await registry.objects.put(key, managed as Draft<PodDisruptionBudget>, revision)
    if (committed) return
    current = entry && (registry.objects.object(entry) as PodDisruptionBudget)
  }
  throw timeout(`couldn't update PodDisruptionBudget "${name}" due to conflicts`, 10)
}

function checkBudget({ metadata, status }: PodDisruptionBudget): void {
  const { name = '', generation = 0 } = metadata
  const resource = { group: 'policy', resource: 'poddisruptionbudget' }
  if ((status?.observedGeneration ?? 0) < generation) throw stillProcessed(name)
  const allowed = status?.disruptionsAllowed ?? 0
  if (allowed < 0) throw forbidden(resource, name, 'pdb disruptions allowed is negative')
  if (Object.keys(status?.disruptedPods ?? {}).length > mostDisrupted) {
    const why = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller'
    throw forbidden(resource, name, why)
  }
  if (allowed === 0) throw refused(reasonOf(name, status), 0)
}

function reasonOf(name: string, status: PodDisruptionBudgetStatus | undefined): string {
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {}
  const condition = (status?.conditions ?? []).find(({ type }) => type === 'DisruptionAllowed')
  const told = condition?.status === 'False' && condition.message !== '' ? condition : undefined
  const subject = `The disruption budget ${name}`
  if (told?.reason === 'SyncFailed')
    return `${subject} does not allow evicting pods currently because it failed sync: ${told.message}`
  if (currentHealthy <= desiredHealthy)
    return `${subject} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
  if (told) return `${subject} does not allow evicting pods currently (${told.reason}): ${told.message}`
  return `${subject} does not allow evicting pods currently`
}

/** The budget is about to change: ask again. */
export const stillProcessed = (name: string): StatusError =>
  refused(`The disruption budget ${name} is still being processed by the server.`, 10)

function refused(message: string, retryAfterSeconds: number): StatusError {
  const { status } = tooManyRequests(
    "Cannot evict pod as it would violate the pod's disruption budget.",
    retryAfterSeconds,
  )
  return new StatusError({
    ...status,
    details: { ...status.details, causes: [{ reason: 'DisruptionBudget', message }] },
  })
}

function withDisruption(budget: PodDisruptionBudget, pod: string, now: string): Draft<PodDisruptionBudget> {
  const status = budget.status as Draft<PodDisruptionBudgetStatus>
  const disruptionsAllowed = (status.disruptionsAllowed ?? 0) - 1
  return {
    ...(budget as Draft<PodDisruptionBudget>),
    metadata: { ...(budget.metadata as Draft<PodDisruptionBudget>['metadata']) },
    status: {
      ...status,
      disruptionsAllowed,
      disruptedPods: { ...status.disruptedPods, [pod]: now },
      ...(disruptionsAllowed === 0 ? { conditions: exhausted(status, now) } : {}),
    },
  }
}

function exhausted(
  { conditions = [], observedGeneration }: Draft<PodDisruptionBudgetStatus>,
  now: string,
): Draft<Condition>[] {
  const before = conditions.find(({ type }) => type === 'DisruptionAllowed')
  const condition: Draft<Condition> = {
    type: 'DisruptionAllowed',
    status: 'False',
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime : now,
    reason: 'InsufficientPods',
    message: '',
  }
  return before ? conditions.map((one) => (one === before ? condition : one)) : [...conditions, condition]
}
