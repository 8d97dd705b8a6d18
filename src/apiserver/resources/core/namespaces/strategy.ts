import type { Draft } from '#api'
import type { Namespace } from '#api/core/v1'
import type { DeleteOptions } from '#api/meta/v1'
import { conflict, excludeFields, invalidValue, nameIsDNSLabel, Path, validateFinalizerName, named } from '#machinery'
import type { FieldError, KubeObject } from '#machinery'
import { deletionFinalizers } from '../../../registry/deletion-rules.ts'
import { timestamp } from '../../../registry/metadata.ts'
import { statusRules } from '../../../resource/status-rules.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { strategy } from '../../../resource/strategy.ts'
import { validateObjectMeta, validateObjectMetaUpdate, validateKnownFinalizer } from '../../metadata.ts'

const metadata = Path.of('metadata')
const finalizersPath = Path.of('spec', 'finalizers')
const kubernetes = 'kubernetes'

/** Namespaces carry their name as a label, for selectors. */
function labelWithName({ metadata: meta }: Draft<Namespace>): void {
  if (meta.name) meta.labels = { ...meta.labels, 'kubernetes.io/metadata.name': meta.name }
}

export function defaultNamespace(draft: Draft<Namespace>): void {
  labelWithName(draft)
  if (!draft.status?.phase) draft.status = { ...draft.status, phase: 'Active' }
}

export const namespaceStrategy: Strategy = strategy<Namespace>({
  returnsDeletedObject: true,
  prepareForCreate(draft) {
    draft.status = { phase: 'Active' }
    const finalizers = draft.spec?.finalizers ?? []
    if (!finalizers.includes(kubernetes)) draft.spec = { ...draft.spec, finalizers: [...finalizers, kubernetes] }
  },
  prepareForUpdate(draft, old) {
    const { finalizers } = old.spec ?? {}
    const { finalizers: _, ...spec } = draft.spec ?? {}
    draft.spec = finalizers === undefined ? spec : { ...spec, finalizers: [...finalizers] }
  },
  canonicalize: labelWithName,
  validate,
  validateUpdate: (namespace, old) => [...validate(namespace), ...validateMetaUpdate(namespace, old)],
  fields: ({ status }) => ({ 'status.phase': status?.phase ?? '' }),
  terminate,
  shouldDeleteDuringUpdate: ({ spec }) => (spec?.finalizers ?? []).length === 0,
})

function validate({ metadata: meta, spec }: Namespace): readonly FieldError[] {
  return [
    ...validateObjectMeta(meta, { namespaced: false, name: nameIsDNSLabel }, metadata),
    ...(spec?.finalizers ?? []).flatMap((finalizer) => validateFinalizer(finalizer, finalizersPath)),
  ]
}

const validateMetaUpdate = (namespace: Namespace, old: Namespace): readonly FieldError[] =>
  validateObjectMetaUpdate(namespace.metadata, old.metadata, metadata)

function validateFinalizer(finalizer: string, path: Path): readonly FieldError[] {
  const errors = validateFinalizerName(finalizer, path)
  return [...errors, ...validateKnownFinalizer(finalizer, path)]
}

export const namespaceStatusRules: UpdateRules<KubeObject> = {
  ...statusRules,
  validateUpdate(object, previous) {
    const namespace = object as Namespace
    const phase = namespace.status?.phase ?? ''
    const path = Path.of('status', 'Phase')
    const errors = validateMetaUpdate(namespace, previous as Namespace)
    const deleting = namespace.metadata.deletionTimestamp !== undefined
    if (phase === (deleting ? 'Terminating' : 'Active')) return errors
    const why = deleting
      ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
      : "may only be 'Active' if `deletionTimestamp` is empty"
    return [...errors, invalidValue(path, named(phase), why)]
  },
}

/** Takes away what the namespace still waits for: the one way to change its finalizers. */
export const finalizeRules: UpdateRules<KubeObject> = {
  resetFields: excludeFields(['status']),
  prepareForUpdate(draft, old) {
    const target = draft as Draft<Namespace>
    const { status } = old as Namespace
    if (status === undefined) delete target.status
    else target.status = status as Draft<typeof status>
  },
  validateUpdate(object, previous) {
    const namespace = object as Namespace
    return [
      ...validateMetaUpdate(namespace, previous as Namespace),
      ...(namespace.spec?.finalizers ?? []).flatMap((finalizer, index) =>
        validateFinalizer(finalizer, finalizersPath.index(index)),
      ),
    ]
  },
}

/** The first request to delete a namespace only says that it goes; it is gone when nothing in it needs it. */
function terminate(
  namespace: Namespace,
  options: DeleteOptions,
  now: number,
): Draft<Namespace> | 'pending' | undefined {
  checkPreconditions(namespace, options)
  const { deletionTimestamp } = namespace.metadata
  if (deletionTimestamp !== undefined) return (namespace.spec?.finalizers ?? []).length > 0 ? 'pending' : undefined
  const draft = { ...namespace, metadata: { ...namespace.metadata } } as Draft<Namespace>
  const finalizers = deletionFinalizers({}, namespace, dependentsOf(options))
  draft.metadata.deletionTimestamp = timestamp(now)
  if (finalizers.length > 0) draft.metadata.finalizers = [...finalizers]
  else delete draft.metadata.finalizers
  draft.status = { ...draft.status, phase: 'Terminating' }
  return draft
}

/** Of namespaces alone, not to orphan dependents is to wait for them. */
const dependentsOf = (options: DeleteOptions): DeleteOptions =>
  options.orphanDependents === false ? { propagationPolicy: 'Foreground' } : options

function checkPreconditions({ metadata: meta }: Namespace, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {}
  const refused = (what: string, wanted: string, actual = ''): Error =>
    conflict(
      { group: '', resource: 'namespaces' },
      meta.name ?? '',
      `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${actual}`,
    )
  if (uid !== undefined && uid !== meta.uid) throw refused('UID', uid, meta.uid)
  if (resourceVersion !== undefined && resourceVersion !== meta.resourceVersion)
    throw refused('ResourceVersion', resourceVersion, meta.resourceVersion)
}
