import type { Pod } from '#api/core/v1'
import type { ResourceClaim, ResourceClaimTemplate } from '#api/resource/v1'

/** Says for which entry of its pod a claim was made. */
export const podClaimAnnotation = 'resource.kubernetes.io/pod-claim-name'

/** Leaves room for a hyphen and five random characters. */
const maxBase = 57

/** The claim that a template means for an entry of a pod. */
export function claimFromTemplate(pod: Pod, entry: string, { spec }: ResourceClaimTemplate): ResourceClaim {
  const { labels, annotations } = spec.metadata ?? {}
  const { namespace = '', name = '', uid = '' } = pod.metadata
  return {
    metadata: {
      generateName: generatedName(name, entry),
      namespace,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid, controller: true }],
      annotations: { ...annotations, [podClaimAnnotation]: entry },
      ...(labels ? { labels } : {}),
    },
    spec: spec.spec,
  }
}

/** Both names, each shortened by the same share where together they are too long. */
export function generatedName(pod: string, entry: string): string {
  const whole = `${pod}-${entry}-`
  if (whole.length <= maxBase) return whole
  const part = (text: string): string => text.slice(0, Math.floor((text.length * maxBase) / whole.length))
  return `${part(pod)}-${part(entry)}`
}
