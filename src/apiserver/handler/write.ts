import type { Draft } from '#api'
import { pauseFor } from '#base'
import type { Steps } from '#base'
import type { KubeObject } from '#machinery'
import type { AdmissionAttributes, Operation } from '../admission/admission.ts'
import type { FieldManager } from '../resource/field-managers.ts'
import { matchNamespace, timestamp } from '../registry/metadata.ts'
import { managerName } from '../request/write-options.ts'
import type { WriteOptions } from '../request/write-options.ts'
import type { RequestContext } from '../request/context.ts'
import type { Endpoint } from '../resource/resource.ts'
import type { RawBody } from './body.ts'
import { dedupeOwnerReferences } from './owner-references.ts'

/** What the write verbs have in common: where they write, for whom, and under which options. */
export interface WriteScope {
  readonly endpoint: Endpoint
  /** Empty for the object itself. */
  readonly subresource: string
  readonly context: RequestContext
  readonly options: WriteOptions
}

/** The context of a write, whose steps let others have their turn if its body is large. */
export function writeContext(context: RequestContext, body: RawBody, { dryRun = [] }: WriteOptions): RequestContext {
  const pause = body.kind === 'bytes' ? pauseFor(body.bytes.length, context.clock) : undefined
  return { ...context, dryRun: dryRun.length > 0, ...(pause ? { pause } : {}) }
}

/** Attributes of an operation for admission, with what differs from call to call. */
export function attributesOf(
  scope: WriteScope,
  operation: Operation,
  objects: {
    readonly object?: Draft<KubeObject>
    readonly oldObject?: KubeObject
    readonly name?: string
    readonly namespace?: string
  },
): AdmissionAttributes {
  const { endpoint, subresource, context, options } = scope
  const kind = kindOf(endpoint, subresource)
  return {
    operation,
    endpoint,
    subresource,
    kind,
    namespace: objects.namespace ?? context.info.namespace,
    name: objects.name ?? context.info.name,
    object: objects.object,
    oldObject: objects.oldObject,
    options,
    dryRun: context.dryRun,
    user: context.user,
    context,
  }
}

function kindOf(endpoint: Endpoint, subresource: string): AdmissionAttributes['kind'] {
  return endpoint.subresources.get(subresource) ?? endpoint
}

/** Records in managed fields what a create, update or non-apply patch changed. Both objects are in the endpoint's version. */
export function* recordManager(
  scope: WriteScope,
  manager: FieldManager,
  live: KubeObject | undefined,
  draft: Draft<KubeObject>,
): Steps<Draft<KubeObject>> {
  if (live && (draft.kind !== live.kind || draft.apiVersion !== live.apiVersion)) return unmanaged(live, draft)
  const { context, options } = scope
  const name = managerName(options.fieldManager, context.request.headers['user-agent'] ?? '')
  const steps = manager.updateInSteps(live, draft, { manager: name, now: timestamp(context.clock.now()) })
  return yield* steps as Steps<Draft<KubeObject>>
}

/** Who owns what of an object that says to be of another type can't be told. It is of the version that was asked for. */
function unmanaged(live: KubeObject, draft: Draft<KubeObject>): Draft<KubeObject> {
  delete draft.metadata.managedFields
  if (live.apiVersion !== undefined) draft.apiVersion = live.apiVersion
  return draft
}

/**
 * Runs the mutating half of admission over a draft of the stored version; at once, where nothing needs a wait.
 * @throws StatusError BadRequest when the draft has another namespace afterwards, and what admission throws
 */
export function admitDraft(
  scope: WriteScope,
  draft: Draft<KubeObject>,
  live: KubeObject | undefined,
): void | Promise<void> {
  const { services } = scope.context
  const attributes = attributesOf(scope, live ? 'UPDATE' : 'CREATE', {
    object: draft,
    ...(live ? { oldObject: live } : {}),
  })
  const check = (): void => {
    dedupeOwnerReferences(draft, scope.context, true)
    // Admission may have named another namespace, too.
    matchNamespace(draft.metadata, scope.endpoint.namespaced ? scope.context.info.namespace : '')
  }
  const admitted = services.admission.admit(attributes)
  if (admitted) return admitted.then(check)
  check()
}

/** The validating half, for a new object. */
export function createValidation(scope: WriteScope): (object: KubeObject) => void | Promise<void> {
  return (object) => {
    const name = scope.context.info.name || (object.metadata.name ?? '')
    return scope.context.services.admission.validate(
      attributesOf(scope, 'CREATE', { object: object as Draft<KubeObject>, name }),
    )
  }
}

/** The validating half, for a change. */
export function updateValidation(scope: WriteScope): (object: KubeObject, old: KubeObject) => void | Promise<void> {
  return (object, oldObject) => {
    return scope.context.services.admission.validate(
      attributesOf(scope, 'UPDATE', { object: object as Draft<KubeObject>, oldObject }),
    )
  }
}
