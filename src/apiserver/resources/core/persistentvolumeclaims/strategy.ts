import type { Draft } from '#api'
import type { PersistentVolumeClaim } from '#api/core/v1'
import { copyJson } from '#base'
import { Path, quote } from '#machinery'
import type { KubeObject } from '#machinery'
import { statusRules } from '../../../resource/status-rules.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { strategy } from '../../../resource/strategy.ts'
import { roundAmounts } from '../../common/amounts.ts'
import { storageClassAnnotation } from '../persistentvolumes/registration.ts'
import { isOfWholeBytes } from '../whole-bytes.ts'
import { alignDataSources, defaultClaimSpec, prepareClaimSpec } from './spec.ts'
import { validateClaimUpdate } from './update-validation.ts'
import { strictClaimSpec, validateClaim, validateClaimStatusUpdate } from './validation.ts'

export function defaultClaim(draft: Draft<PersistentVolumeClaim>): void {
  if (!draft.status?.phase) draft.status = { ...draft.status, phase: 'Pending' }
  if (draft.spec) defaultClaimSpec(draft.spec)
  roundAmounts(draft.status?.capacity)
  roundAmounts(draft.status?.allocatedResources)
}

export const claimStrategy: Strategy = strategy<PersistentVolumeClaim>({
  returnsDeletedObject: true,
  prepareForCreate(draft) {
    draft.status = { phase: 'Pending' }
    draft.spec = { ...draft.spec }
    prepareClaimSpec(draft.spec, undefined)
  },
  // The phase.
  lacksDefaults: () => true,
  prepareForUpdate(draft, old) {
    draft.spec = { ...draft.spec }
    prepareClaimSpec(draft.spec, old.spec)
  },
  validate: (claim) => validateClaim(claim, strictClaimSpec),
  validateUpdate: (claim, old) => validateClaimUpdate(claim, aligned(old)),
  warningsOnCreate: warnings,
  warningsOnUpdate: warnings,
  fields: ({ metadata }) => ({ name: metadata.name ?? '' }),
})

/** A claim of older times, with both ways to name the source of its data. */
function aligned(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const { dataSource, dataSourceRef } = claim.spec
  if ((dataSource === undefined) === (dataSourceRef === undefined)) return claim
  const spec = copyJson(claim.spec)
  alignDataSources(spec as Draft<typeof spec>)
  return { ...claim, spec }
}

export const claimStatusRules: UpdateRules<KubeObject> = {
  ...statusRules,
  validateUpdate: (claim, old) =>
    validateClaimStatusUpdate(claim as PersistentVolumeClaim, old as PersistentVolumeClaim),
}

function warnings({ metadata, spec }: PersistentVolumeClaim): readonly string[] {
  const annotation = metadata.annotations?.[storageClassAnnotation]
  const deprecated = `metadata.annotations[${storageClassAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`
  return [...(annotation === undefined ? [] : [deprecated]), ...claimSpecWarnings(spec, Path.of('spec'))]
}

/** Storage comes in whole bytes. */
export function claimSpecWarnings({ resources }: PersistentVolumeClaim['spec'], path: Path): readonly string[] {
  return (['requests', 'limits'] as const).flatMap((list) => {
    const amount = resources?.[list]?.['storage'] ?? '0'
    const at = path.child('resources', list).key('storage')
    if (isOfWholeBytes(amount)) return []
    return [`${String(at)}: fractional byte value ${quote(amount)} is invalid, must be an integer`]
  })
}
