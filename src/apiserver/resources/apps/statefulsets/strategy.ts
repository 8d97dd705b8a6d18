import type { Draft } from '#api'
import type { StatefulSet } from '#api/apps/v1'
import { excludeFields, Path } from '#machinery'
import type { KubeObject } from '#machinery'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { claimSpecWarnings } from '../../core/persistentvolumeclaims/strategy.ts'
import { dropDisabledTemplateFields, podTemplateWarnings } from '../../core/pod-spec/index.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { validateStatefulSet, validateStatefulSetStatusUpdate, validateStatefulSetUpdate } from './validation.ts'

const template = Path.of('spec', 'template')
const claims = Path.of('spec', 'volumeClaimTemplates')

export const statefulSetStrategy: Strategy = strategy<StatefulSet>({
  prepareForCreate(draft) {
    startGeneration(draft)
    dropMaxUnavailable(draft, undefined)
    dropDisabledTemplateFields(draft.spec.template, undefined)
  },
  prepareForUpdate(draft, old) {
    dropMaxUnavailable(draft, old)
    dropDisabledTemplateFields(draft.spec.template, old.spec.template)
    raiseGenerationWithSpec(draft, old)
  },
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  warningsOnCreate: (set) => [
    ...podTemplateWarnings(set.spec.template, template),
    ...warningsForClaims(set, (at) => at),
    ...warningsForHistory(set),
  ],
  warningsOnUpdate: (set, old) => [
    ...(set.metadata.generation === old.metadata.generation ? [] : podTemplateWarnings(set.spec.template, template)),
    ...warningsForClaims(set, (at) => at.child('Spec')),
    ...warningsForHistory(set),
  ],
})

/** Several pods at a time can't be asked for: the feature is off. */
function dropMaxUnavailable(draft: Draft<StatefulSet>, old: StatefulSet | undefined): void {
  const { rollingUpdate } = draft.spec.updateStrategy ?? {}
  if (rollingUpdate && old?.spec.updateStrategy?.rollingUpdate?.maxUnavailable === undefined)
    delete rollingUpdate.maxUnavailable
}

/** `specAt`: what the spec of a claim is called there; changes call it otherwise than new objects. */
const warningsForClaims = ({ spec }: StatefulSet, specAt: (claim: Path) => Path): readonly string[] =>
  (spec.volumeClaimTemplates ?? []).flatMap((claim, index) =>
    claimSpecWarnings(claim.spec, specAt(claims.index(index))),
  )

function warningsForHistory({ spec }: StatefulSet): readonly string[] {
  if ((spec.revisionHistoryLimit ?? 0) >= 0) return []
  return ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
}

export const statefulSetStatusRules: UpdateRules<KubeObject> = strategy<StatefulSet>({
  prepareForUpdate(draft, old) {
    draft.spec = old.spec as Draft<StatefulSet>['spec']
  },
  validateUpdate: validateStatefulSetStatusUpdate,
  resetFields: excludeFields(['spec']),
})
