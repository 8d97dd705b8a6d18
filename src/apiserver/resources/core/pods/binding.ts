import type { Draft } from '#api'
import type { Binding, Pod } from '#api/core/v1'
import { aggregate, badRequest, conflict, errorBody, failure, notFound, notSupportedText, required } from '#machinery'
import type { FieldError } from '#machinery'
import type { Entry } from '#store'
import { timestamp } from '../../../registry/metadata.ts'
import { preconditionFailure } from '../../../registry/update.ts'
import type { Registry } from '../../../registry/registry.ts'
import { requireNameParameter } from '../../../registry/name-parameter.ts'
import type { RequestContext } from '../../../request/context.ts'
import { answers } from '../../../resource/registration.ts'
import type { CreateFunction } from '../../../resource/resource.ts'
import { setCondition } from './conditions.ts'
import { podRegistry } from './registry.ts'
import { success } from './success.ts'

/** Assigns a pod to a node: what schedulers do. The answer to `pods/binding` and to `bindings`. */
export const bindPod: CreateFunction = answers<Binding>(async (binding, name, context) => {
  if (name !== (binding.metadata.name ?? '')) throw badRequest('name in URL does not match name in Binding object')
  const errors = validate(binding)
  if (errors.length > 0) throw failure(500, '', aggregate(errors.map((error) => `${error.field}: ${errorBody(error)}`)))
  requireNameParameter(name)
  await assign(podRegistry(context), binding, context)
  return success
})

function validate({ target }: Binding): FieldError[] {
  const errors: FieldError[] = []
  const { kind = '', name = '' } = target
  if (kind !== '' && kind !== 'Node') errors.push(notSupportedText('target.kind', kind, ['Node', '<empty>']))
  if (name === '') errors.push(required('target.name'))
  return errors
}

async function assign(registry: Registry, binding: Binding, context: RequestContext): Promise<void> {
  const { objects } = registry
  const { name = '' } = binding.metadata
  const key = objects.key(context.info.namespace, name)
  let entry: Entry | undefined = objects.store.snapshot().get(key)
  for (;;) {
    if (!entry) throw notFound(registry.groupResource, name)
    const pod = objects.object(entry) as Pod
    checkPreconditions(key, pod, binding, context)
    const obstacle = obstacleOf(pod)
    if (obstacle !== undefined) throw conflict({ group: '', resource: 'pods/binding' }, name, obstacle)
    if (context.dryRun) return
    const bound = boundPod(pod, binding, timestamp(context.clock.now()))
    const result = await objects.put(key, bound, entry.modRevision)
    if (result.committed) return
    entry = result.entry
  }
}

/** Uid and version of the binding say which pod is meant. */
function checkPreconditions(
  key: string,
  { metadata: actual }: Pod,
  { metadata: wanted }: Binding,
  { dryRun }: RequestContext,
): void {
  const failed = (what: string, sent: string, have = ''): Error =>
    conflict({ group: '', resource: 'pods' }, wanted.name ?? '', preconditionFailure(what, key, sent, have, dryRun))
  if (wanted.uid && wanted.uid !== actual.uid) throw failed('UID', wanted.uid, actual.uid)
  if (wanted.resourceVersion && wanted.resourceVersion !== actual.resourceVersion)
    throw failed('ResourceVersion', wanted.resourceVersion, actual.resourceVersion)
}

function obstacleOf({ metadata, spec }: Pod): string | undefined {
  const name = metadata.name ?? ''
  if (metadata.deletionTimestamp !== undefined) return `pod ${name} is being deleted, cannot be assigned to a host`
  if (spec?.nodeName) return `pod ${name} is already assigned to node "${spec.nodeName}"`
  if ((spec?.schedulingGates ?? []).length > 0) return `pod ${name} has non-empty .spec.schedulingGates`
  return undefined
}

function boundPod(pod: Pod, { metadata, target }: Binding, now: string): Draft<Pod> {
  const own = pod.metadata as Draft<Pod>['metadata']
  const annotations = { ...own.annotations, ...metadata.annotations }
  const labels = { ...own.labels, ...metadata.labels }
  const { nominatedNodeName: _, ...status } = (pod.status ?? {}) as Draft<NonNullable<Pod['status']>>
  const bound: Draft<Pod> = {
    ...(pod as Draft<Pod>),
    metadata: {
      ...own,
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: { ...(pod.spec as Draft<NonNullable<Pod['spec']>>), nodeName: target.name ?? '' },
    status,
  }
  setCondition(bound, { type: 'PodScheduled', status: 'True' }, now)
  return bound
}
