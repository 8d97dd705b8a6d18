import type { Draft } from '#api'
import type { PersistentVolume } from '#api/core/v1'
import { Path } from '#machinery'
import type { KubeObject } from '#machinery'
import { timestamp } from '../../../registry/metadata.ts'
import { statusRules } from '../../../resource/status-rules.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { strategy } from '../../../resource/strategy.ts'
import { roundAmounts } from '../../common/amounts.ts'
import { deprecatedNodeLabel } from '../../common/deprecated-labels.ts'
import { sourceFields } from './sources.ts'
import {
  validatePersistentVolume,
  validatePersistentVolumeStatusUpdate,
  validatePersistentVolumeUpdate,
} from './validation.ts'

export function defaultPersistentVolume(draft: Draft<PersistentVolume>): void {
  if (!draft.status?.phase) draft.status = { ...draft.status, phase: 'Pending' }
  const { spec } = draft
  if (!spec) return
  spec.persistentVolumeReclaimPolicy ||= 'Retain'
  spec.volumeMode ??= 'Filesystem'
  roundAmounts(spec.capacity)
  defaultSources(spec)
}

/** Defaults that depend on the kind of volume, for specs wherever they stand. */
export function defaultSources(spec: Draft<PersistentVolume['spec']>): void {
  if (spec.hostPath) spec.hostPath.type ??= ''
}

export const persistentVolumeStrategy: Strategy = strategy<PersistentVolume>({
  returnsDeletedObject: true,
  prepareForCreate(draft, { clock }) {
    draft.status = { phase: 'Pending', lastPhaseTransitionTime: timestamp(clock.now()) }
  },
  validate: (volume) => validatePersistentVolume(volume, undefined),
  validateUpdate: (volume, old) => [
    ...validatePersistentVolume(volume, old),
    ...validatePersistentVolumeUpdate(volume, old),
  ],
  warningsOnCreate: warnings,
  warningsOnUpdate: warnings,
  fields: ({ metadata }) => ({ name: metadata.name ?? '' }),
})

export const persistentVolumeStatusRules: UpdateRules<KubeObject> = {
  ...statusRules,
  prepareForUpdate(draft, old, context) {
    statusRules.prepareForUpdate?.(draft, old, context)
    const { status: before } = old as PersistentVolume
    const volume = draft as Draft<PersistentVolume>
    const time = before?.lastPhaseTransitionTime
    const status = { ...volume.status }
    const samePhase = (before?.phase ?? '') === (status.phase ?? '')
    if (samePhase && status.lastPhaseTransitionTime === undefined) {
      if (time !== undefined) volume.status = { ...status, lastPhaseTransitionTime: time }
    } else if (!samePhase && (status.lastPhaseTransitionTime ?? time) === time)
      volume.status = { ...status, lastPhaseTransitionTime: timestamp(context.clock.now()) }
  },
  validateUpdate: (volume, old) =>
    validatePersistentVolumeStatusUpdate(volume as PersistentVolume, old as PersistentVolume),
}

const deprecatedAnnotations: readonly (readonly [string, string])[] = [
  ['volume.beta.kubernetes.io/storage-class', 'deprecated since v1.8; use "storageClassName" attribute instead'],
  ['volume.beta.kubernetes.io/mount-options', 'deprecated since v1.31; use "mountOptions" attribute instead'],
]

const deprecatedSources: { readonly [field: string]: string } = {
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
}

function warnings({ metadata, spec }: PersistentVolume): readonly string[] {
  const path = Path.of('spec')
  const warned = deprecatedAnnotations
    .filter(([key]) => metadata.annotations?.[key] !== undefined)
    .map(([key, why]) => `metadata.annotations[${key}]: ${why}`)
  if (spec.persistentVolumeReclaimPolicy === 'Recycle') {
    const why =
      'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.'
    warned.push(`spec.persistentVolumeReclaimPolicy: ${why}`)
  }
  const terms = path.child('nodeAffinity', 'required', 'nodeSelectorTerms')
  for (const [index, { matchExpressions = [] }] of (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries())
    for (const [place, { key }] of matchExpressions.entries()) {
      const why = deprecatedNodeLabel(key)
      const at = terms.index(index).child('matchExpressions').index(place).child('key')
      if (why !== undefined) warned.push(`${String(at)}: ${key} is ${why}`)
    }
  for (const [field, why] of Object.entries(deprecatedSources)) {
    const used = sourceFields.some((one) => one === field && spec[one] !== undefined)
    const shown = field === 'storageos' ? 'storageOS' : field
    if (used) warned.push(`spec.${shown}: ${why}`)
  }
  return warned
}
