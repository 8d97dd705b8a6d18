import type { StatefulSet, StatefulSetSpec, StatefulSetStatus } from '#api/apps/v1'
import type { PodTemplateSpec } from '#api/core/v1'
import { semanticEqual } from '#base'
import {
  fieldForbidden,
  invalidValue,
  isDNS1123Label,
  nameIsDNSLabel,
  notSupported,
  Path,
  required,
  validateAnnotations,
  validateLabels,
  named,
} from '#machinery'
import type { FieldError } from '#machinery'
import { validateTemplate } from '../../common/pod-template.ts'
import { selectorIfValid, shownSelector } from '../../common/selectors.ts'
import { nonnegative, notDecremented } from '../../common/values.ts'
import { validatePodSelector, validateRunsForever, validateTemplateLabels } from '../template.ts'
import { validateUpdateStrategy } from './update-strategy.ts'
import { strictClaimSpec, validateClaimSpec } from '../../core/persistentvolumeclaims/validation.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const status = Path.of('status')

/** What an object that stands may keep. */
interface Leniency {
  readonly serviceName: boolean
  readonly claims: boolean
  readonly template: boolean
}

const strict: Leniency = { serviceName: false, claims: false, template: false }

export function validateStatefulSet(set: StatefulSet): readonly FieldError[] {
  return [
    ...validateObjectMeta(set.metadata, { namespaced: true, name: nameIsDNSLabel }, metadata),
    ...validateSpec(set.spec, undefined, strict),
  ]
}

const changeable = [
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
] as const

export function validateStatefulSetUpdate(set: StatefulSet, old: StatefulSet): readonly FieldError[] {
  const lenient = { serviceName: true, claims: true, template: false }
  const template = validateSpec(old.spec, set.spec.template, lenient).length > 0
  const errors = [
    ...validateObjectMetaUpdate(set.metadata, old.metadata, metadata),
    ...validateSpec(set.spec, old.spec.template, { ...lenient, template }),
  ]
  if (!semanticEqual(fixed(set.spec), fixed(old.spec))) {
    const why =
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
    errors.push(fieldForbidden(spec, why))
  }
  return errors
}

/** The part of a spec that can't change. */
function fixed(wanted: StatefulSetSpec): object {
  const rest: { [field: string]: unknown } = { ...wanted }
  for (const field of changeable) delete rest[field]
  return rest
}

function validateSpec(
  wanted: StatefulSetSpec,
  oldTemplate: PodTemplateSpec | undefined,
  lenient: Leniency,
): readonly FieldError[] {
  const { podManagementPolicy, serviceName = '' } = wanted
  const errors: FieldError[] = []
  const at = spec.child('podManagementPolicy')
  if (!podManagementPolicy) errors.push(required(at))
  else if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel')
    errors.push(invalidValue(at, named(podManagementPolicy), "must be 'OrderedReady' or 'Parallel'"))
  errors.push(
    ...validateUpdateStrategy(wanted.updateStrategy ?? {}, spec.child('updateStrategy')),
    ...validateRetentionPolicy(wanted, spec.child('persistentVolumeClaimRetentionPolicy')),
    ...(lenient.claims ? [] : validateClaims(wanted, spec.child('volumeClaimTemplates'))),
  )
  errors.push(
    ...nonnegative(spec.child('replicas'), wanted.replicas),
    ...nonnegative(spec.child('minReadySeconds'), wanted.minReadySeconds),
    ...nonnegative(spec.child('ordinals.start'), wanted.ordinals?.start),
  )
  if (!lenient.serviceName && serviceName !== '') {
    for (const problem of isDNS1123Label(serviceName))
      errors.push(invalidValue(spec.child('serviceName'), serviceName, problem))
  }
  return [...errors, ...validateSelectorAndTemplate(wanted, oldTemplate, lenient)]
}

const validateClaims = ({ volumeClaimTemplates = [] }: StatefulSetSpec, at: Path): readonly FieldError[] =>
  volumeClaimTemplates.flatMap((claim, index) =>
    validateClaimSpec(claim.spec, strictClaimSpec, at.index(index).child('spec')),
  )

function validateSelectorAndTemplate(
  wanted: StatefulSetSpec,
  oldTemplate: PodTemplateSpec | undefined,
  lenient: Leniency,
): readonly FieldError[] {
  const at = spec.child('template')
  const errors = [...validatePodSelector(wanted.selector, spec.child('selector'), 'statefulset')]
  const selector = selectorIfValid(wanted.selector)
  if (selector) {
    const { labels, annotations } = wanted.template.metadata ?? {}
    const template = templateOfPods(wanted)
    errors.push(
      ...(selector.isEmpty() ? [] : validateTemplateLabels(wanted.template, selector, at)),
      ...(lenient.template ? [] : validateTemplate(template, oldTemplate, at)),
      ...validateLabels(labels, at.child('labels')),
      ...validateAnnotations(annotations, at.child('annotations')),
    )
  } else errors.push(invalidValue(spec.child('selector'), shownSelector(wanted.selector), ''))
  return [...errors, ...validateRunsForever(wanted.template, at, 'StatefulSet')]
}

/** The template as pods will have it: the controller names them and mounts their claims. */
function templateOfPods({ template, volumeClaimTemplates }: StatefulSetSpec): PodTemplateSpec {
  if (!template.spec) return template
  const { subdomain: _subdomain, hostname: _hostname, ...rest } = template.spec
  if (!volumeClaimTemplates || volumeClaimTemplates.length === 0) return { ...template, spec: rest }
  const names = new Set(volumeClaimTemplates.map((claim) => claim.metadata.name ?? ''))
  const claims = [...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }))
  const others = (rest.volumes ?? []).filter((volume) => !names.has(volume.name))
  return { ...template, spec: { ...rest, volumes: [...claims, ...others] } }
}

const retention = ['Retain', 'Delete']

function validateRetentionPolicy(
  { persistentVolumeClaimRetentionPolicy: policy }: StatefulSetSpec,
  at: Path,
): readonly FieldError[] {
  if (!policy) return []
  return (['whenDeleted', 'whenScaled'] as const)
    .filter((field) => !retention.includes(policy[field] ?? ''))
    .map((field) => notSupported(at.child(field), policy[field] ?? '', retention))
}

export function validateStatefulSetStatusUpdate(set: StatefulSet, old: StatefulSet): readonly FieldError[] {
  const now = set.status ?? { replicas: 0 }
  return [
    ...validateStatus(now),
    ...validateObjectMetaUpdate(set.metadata, old.metadata, metadata),
    ...notDecremented(status.child('collisionCount'), now.collisionCount, old.status?.collisionCount),
  ]
}

function validateStatus(now: StatefulSetStatus): readonly FieldError[] {
  const counters = ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const
  const { replicas, readyReplicas = 0, availableReplicas = 0 } = now
  const errors = [...counters, 'observedGeneration' as const, 'collisionCount' as const].flatMap((name) =>
    nonnegative(status.child(name), now[name]),
  )
  for (const name of counters.slice(1)) {
    const value = now[name] ?? 0
    if (value > replicas) errors.push(invalidValue(status.child(name), value, 'cannot be greater than status.replicas'))
  }
  if (availableReplicas > readyReplicas) {
    const why = 'cannot be greater than status.readyReplicas'
    errors.push(invalidValue(status.child('availableReplicas'), availableReplicas, why))
  }
  return errors
}
