import type { PodTemplateSpec, ReplicationController } from '#api/core/v1'
import {
  fieldForbidden,
  invalidValue,
  isSubdomainPart,
  notSupported,
  Path,
  required,
  selectorOfLabels,
} from '#machinery'
import type { FieldError, NameCheck } from '#machinery'
import { validateTemplate } from '../../common/pod-template.ts'
import { nonnegative } from '../../common/values.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const specPath = Path.of('spec')
const statusPath = Path.of('status')

/** Names are subdomains, with their limit told in bytes; what they are generated from is not looked at. */
const nameOfController: NameCheck = (name, prefix) => (prefix ? [] : isSubdomainPart(name))

export function validateController(controller: ReplicationController): readonly FieldError[] {
  return [
    ...validateObjectMeta(controller.metadata, { namespaced: true, name: nameOfController }, metadata),
    ...validateSpec(controller, undefined),
  ]
}

export function validateControllerUpdate(
  controller: ReplicationController,
  old: ReplicationController,
): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(controller.metadata, old.metadata, metadata),
    ...validateSpec(controller, old.spec?.template),
  ]
}

function validateSpec({ spec }: ReplicationController, old: PodTemplateSpec | undefined): readonly FieldError[] {
  const selector = selectorOfLabels(spec.selector ?? {})
  const path = specPath.child('template')
  const errors: FieldError[] = [...nonnegative(specPath.child('minReadySeconds'), spec.minReadySeconds)]
  if (selector.isEmpty()) errors.push(required(specPath.child('selector')))
  if (spec.replicas === undefined) errors.push(required(specPath.child('replicas')))
  errors.push(...nonnegative(specPath.child('replicas'), spec.replicas))
  const { template } = spec
  if (!template) return [...errors, required(path)]
  const { labels } = template.metadata ?? {}
  if (!selector.isEmpty() && !selector.matches(labels))
    errors.push(invalidValue(path.child('metadata', 'labels'), labels, '`selector` does not match template `labels`'))
  errors.push(...validateTemplate(template, old, path))
  const { restartPolicy = '', activeDeadlineSeconds } = template.spec ?? {}
  if (restartPolicy !== 'Always')
    errors.push(notSupported(path.child('spec', 'restartPolicy'), restartPolicy, ['Always']))
  if (activeDeadlineSeconds !== undefined) {
    const why = 'activeDeadlineSeconds in ReplicationController is not Supported'
    errors.push(fieldForbidden(path.child('spec', 'activeDeadlineSeconds'), why))
  }
  return errors
}

export function validateControllerStatusUpdate(
  { metadata: meta, status }: ReplicationController,
  old: ReplicationController,
): readonly FieldError[] {
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0, fullyLabeledReplicas = 0 } = status ?? {}
  const parts = { fullyLabeledReplicas, readyReplicas, availableReplicas }
  const counters = { replicas, ...parts, observedGeneration: status?.observedGeneration ?? 0 }
  const errors: FieldError[] = [...validateObjectMetaUpdate(meta, old.metadata, metadata)]
  for (const [name, value] of Object.entries(counters)) errors.push(...nonnegative(statusPath.child(name), value))
  for (const [name, value] of Object.entries(parts))
    if (value > replicas)
      errors.push(invalidValue(statusPath.child(name), value, 'cannot be greater than status.replicas'))
  if (availableReplicas > readyReplicas) {
    const why = 'cannot be greater than readyReplicas'
    errors.push(invalidValue(statusPath.child('availableReplicas'), availableReplicas, why))
  }
  return errors
}
