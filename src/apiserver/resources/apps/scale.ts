import type { Draft } from '#api'
import type { LabelSelector } from '#api/meta/v1'
import { fieldPath } from '#machinery'
import type { KubeObject } from '#machinery'
import type { ScaleRules } from '../../resource/resource.ts'
import { selectorIfValid } from '../common/selectors.ts'

interface Scalable extends KubeObject {
  readonly spec: { readonly replicas?: number; readonly selector: LabelSelector }
  readonly status?: { readonly replicas?: number }
}

/** How sets of pods map to `Scale`. */
export const scaleRules: ScaleRules = {
  read(object) {
    const { spec, status } = object as Scalable
    return {
      specReplicas: spec.replicas ?? 0,
      statusReplicas: status?.replicas ?? 0,
      selector: selectorIfValid(spec.selector)?.toString() ?? '',
    }
  },
  write(draft, replicas) {
    const scalable = draft as Draft<Scalable>
    scalable.spec = { ...scalable.spec, replicas }
  },
  replicasPath: fieldPath('spec', 'replicas'),
  replicasName: '.spec.replicas',
}
