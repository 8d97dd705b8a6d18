import type { Draft } from '#api'
import type { Pod } from '#api/core/v1'
import type { DeleteOptions } from '#api/meta/v1'
import type { Eviction } from '#api/policy/v1'
import { badRequest, conflict, failure, invalid, invalidValue, isConflict, notFound } from '#machinery'
import type { KubeObject } from '#machinery'
import { deleteObject } from '../../../registry/delete.ts'
import { timestamp } from '../../../registry/metadata.ts'
import { updateObject } from '../../../registry/update.ts'
import type { RequestContext } from '../../../request/context.ts'
import { checkDeleteOptions } from '../../../request/write-options.ts'
import { answers } from '../../../resource/registration.ts'
import type { CreateFunction } from '../../../resource/resource.ts'
import { conditionStatus, setCondition } from './conditions.ts'
import { budgetsOf, stillProcessed, takeDisruption } from './disruption-budget.ts'
import { podRegistry } from './registry.ts'
import { podStatusRules } from './status.ts'
import { success } from './success.ts'

const attempts = 20
const anything = async (): Promise<void> => {}

/** Deletes a pod if its disruption budget lets it: what draining a node does. */
export const evictPod: CreateFunction = answers<Eviction>(async (eviction, name, context) => {
  if (name !== eviction.metadata.name) throw badRequest('name in URL does not match name in Eviction object')
  const options = deleteOptions(eviction, name, context)
  const evicting: RequestContext = { ...context, dryRun: context.dryRun || (options.dryRun ?? []).length > 0 }
  const pod = await evictUnguarded(name, options, evicting)
  if (!pod) return success

  const budgets = budgetsOf(pod, evicting)
  const [budget] = budgets
  if (budgets.length > 1) {
    const why = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.'
    throw failure(500, '', why)
  }
  const unhealthy = conditionStatus(pod, 'Ready') !== 'True'
  const free = budget !== undefined && unhealthy && letsUnhealthyGo(budget)
  if (budget && !free) await takeDisruption(budget, pod, evicting)
  const pinned = free && options.preconditions?.resourceVersion === undefined
  try {
    await markAndDelete(name, free ? atRevision(options, pod) : options, evicting)
  } catch (error) {
    if (pinned && isConflict(error)) throw stillProcessed(budget.metadata.name ?? '')
    throw error
  }
  return success
})

/** Options of the deletion, with the request's wish for a dry run. */
function deleteOptions(eviction: Eviction, name: string, context: RequestContext): DeleteOptions {
  const options = eviction.deleteOptions ?? {}
  if (options.ignoreStoreReadErrorWithClusterBreakingPotential) {
    const at = 'deleteOptions.ignoreStoreReadErrorWithClusterBreakingPotential'
    const why = 'can not be set for pod eviction, try after removing the option'
    throw invalid({ group: 'policy', kind: 'Eviction' }, name, [invalidValue(at, true, why)])
  }
  const own = options.dryRun ?? []
  const asked = context.query.getAll('dryRun').filter((value) => value !== '')
  if (own.length > 0 && asked.length > 0 && own.join(' ') !== asked.join(' ')) {
    const why = `[${asked.join(' ')}] and [${own.join(' ')}]`
    throw failure(500, '', `Non-matching dry-run options in request and content: ${why}`)
  }
  return options
}

/** Deletes a pod that no budget guards, because it does not run or goes already; answers one that is guarded. */
async function evictUnguarded(name: string, options: DeleteOptions, context: RequestContext): Promise<Pod | undefined> {
  const { objects, groupResource } = podRegistry(context)
  for (let attempt = 1; ; attempt++) {
    const pod = objects.peek(context.info.namespace, name) as Pod | undefined
    if (!pod) throw notFound(groupResource, name)
    const phase = pod.status?.phase ?? ''
    const ending = phase === 'Succeeded' || phase === 'Failed' || pod.metadata.deletionTimestamp !== undefined
    if (!ending && phase !== 'Pending') return pod
    const unpinned = options.preconditions?.resourceVersion === undefined
    try {
      await markAndDelete(name, !ending && unpinned ? atRevision(options, pod) : options, context)
      return undefined
    } catch (error) {
      if (!unpinned || !isConflict(error) || attempt === attempts) throw error
    }
  }
}

function letsUnhealthyGo({ spec, status }: ReturnType<typeof budgetsOf>[number]): boolean {
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {}
  return currentHealthy >= desiredHealthy && desiredHealthy > 0
}

/** The deletion holds only for the pod as it was looked at. */
function atRevision(options: DeleteOptions, { metadata }: Pod): DeleteOptions {
  const { resourceVersion } = metadata
  return { ...options, preconditions: { ...options.preconditions, ...(resourceVersion ? { resourceVersion } : {}) } }
}

/** Says in the pod's status why it goes, then deletes it. */
async function markAndDelete(name: string, options: DeleteOptions, context: RequestContext): Promise<void> {
  checkDeleteOptions(options)
  const registry = podRegistry(context)
  const { namespace } = context.info
  let deletion = options
  if (!context.dryRun) {
    const { object } = await updateObject(
      registry,
      {
        namespace,
        name,
        rules: podStatusRules,
        transform: async (live) => marked(live as Pod | undefined, options, name, context),
        validateCreate: anything,
        validateUpdate: anything,
      },
      context,
    )
    if (options.preconditions?.resourceVersion !== undefined) deletion = atRevision(options, object as Pod)
  }
  await deleteObject(registry, { namespace, name, options: deletion, validate: anything }, context)
}

function marked(
  pod: Pod | undefined,
  { preconditions = {} }: DeleteOptions,
  name: string,
  context: RequestContext,
): Draft<KubeObject> {
  if (!pod) throw notFound({ group: '', resource: 'pods' }, name)
  const { uid = '', resourceVersion = '' } = pod.metadata
  const resource = { group: '', resource: 'Pod' }
  if (preconditions.uid && preconditions.uid !== uid) {
    const why = `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`
    throw conflict(resource, name, why)
  }
  if (preconditions.resourceVersion && preconditions.resourceVersion !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`
    throw conflict(resource, name, why)
  }
  const draft = { ...pod, metadata: { ...pod.metadata } } as Draft<Pod>
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  } as const
  setCondition(draft, condition, timestamp(context.clock.now()))
  return draft
}
