import type { Draft } from '#api'
import type { Deployment } from '#api/apps/v1'
import { semanticEqual } from '#base'
import { excludeFields, Path } from '#machinery'
import { raiseGeneration, sameField, startGeneration } from '../../common/generation.ts'
import { dropDisabledTemplateFields, podTemplateWarnings } from '../../core/pod-spec/index.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import type { KubeObject } from '#machinery'
import { warningsForPodOwnerName } from '../../common/names.ts'
import { validateDeployment, validateDeploymentStatusUpdate, validateDeploymentUpdate } from './validation.ts'

const template = Path.of('spec', 'template')

export const deploymentStrategy: Strategy = strategy<Deployment>({
  prepareForCreate(draft) {
    startGeneration(draft)
    dropDisabledTemplateFields(draft.spec.template, undefined)
  },
  prepareForUpdate(draft, old) {
    dropDisabledTemplateFields(draft.spec.template, old.spec.template)
    // Annotations count because replica sets get copies of them.
    const same = sameField(draft, old, 'spec') && semanticEqual(annotations(draft), annotations(old))
    if (!same) raiseGeneration(draft, old)
  },
  validate: validateDeployment,
  validateUpdate: validateDeploymentUpdate,
  warningsOnCreate: (deployment) => [
    ...warningsForPodOwnerName(deployment),
    ...podTemplateWarnings(deployment.spec.template, template),
  ],
  warningsOnUpdate: (deployment, old) =>
    deployment.metadata.generation === old.metadata.generation
      ? []
      : podTemplateWarnings(deployment.spec.template, template),
})

const annotations = ({ metadata }: KubeObject | Draft<KubeObject>): object => metadata.annotations ?? {}

export const deploymentStatusRules: UpdateRules<KubeObject> = strategy<Deployment>({
  prepareForUpdate(draft, old) {
    draft.spec = old.spec as Draft<Deployment>['spec']
    if (old.metadata.labels === undefined) delete draft.metadata.labels
    else draft.metadata.labels = old.metadata.labels
  },
  validateUpdate: validateDeploymentStatusUpdate,
  resetFields: excludeFields(['spec'], ['metadata', 'labels']),
})
