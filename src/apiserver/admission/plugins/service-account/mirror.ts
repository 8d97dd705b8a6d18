import type { Draft } from '#api'
import type { Pod } from '#api/core/v1'
import { podSecretNames } from '#machinery'
import type { AdmissionAttributes } from '../../admission.ts'
import { refused } from '../../refusal.ts'

const mirrorAnnotation = 'kubernetes.io/config.mirror'

/** Whether the pod shows in the API what a node runs by itself. */
export function isMirrorPod({ metadata }: Draft<Pod>): boolean {
  return metadata.annotations?.[mirrorAnnotation] !== undefined
}

/** Such a pod runs already, so nothing of the cluster can be given to it. */
export function checkMirrorPod(pod: Draft<Pod>, attributes: AdmissionAttributes): void {
  if (pod.spec.serviceAccountName) throw refused(attributes, 'a mirror pod may not reference service accounts')
  if ([...podSecretNames(pod)].length > 0) throw refused(attributes, 'a mirror pod may not reference secrets')
  const sources = (pod.spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? [])
  if (sources.some(({ serviceAccountToken }) => serviceAccountToken !== undefined))
    throw refused(attributes, 'a mirror pod may not use ServiceAccountToken volume projections')
}
