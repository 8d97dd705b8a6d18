import type { Container, Pod } from '#api/core/v1'

/** Features that a node agent must declare to run the pod, by name. */
export function requiredFeatures({ spec }: Pod): readonly string[] {
  const features: string[] = []
  if (spec?.containers.some(restartsAll) || spec?.initContainers?.some(restartsAll)) {
    features.push('RestartAllContainersOnContainerExits')
  }
  if (spec?.hostNetwork === true && spec.hostUsers === false) features.push('UserNamespacesHostNetworkSupport')
  return features
}

function restartsAll({ restartPolicyRules }: Container): boolean {
  return restartPolicyRules?.some(({ action }) => action === 'RestartAllContainers') ?? false
}
