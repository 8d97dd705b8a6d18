import type { Draft } from '#api'
import type { Container, EphemeralContainer, Pod, ServiceAccount } from '#api/core/v1'
import type { AdmissionAttributes } from '../../admission.ts'
import { refused } from '../../refusal.ts'

/** The pod uses secrets that its account names, and no others. */
export function checkReferences(pod: Draft<Pod>, account: ServiceAccount, attributes: AdmissionAttributes): void {
  const { name = '' } = account.metadata
  const mountable = mountableSecrets(account)
  for (const { secret } of pod.spec.volumes ?? []) {
    const secretName = secret?.secretName ?? ''
    if (secret && !mountable.has(secretName))
      throw refused(
        attributes,
        `volume with secret.secretName="${secretName}" is not allowed because service account ${name} does not reference that secret`,
      )
  }
  checkContainers('init container', pod.spec.initContainers ?? [], account, attributes)
  checkContainers('container', pod.spec.containers ?? [], account, attributes)
  const pullable = new Set((account.imagePullSecrets ?? []).map((reference) => reference.name ?? ''))
  for (const [index, reference] of (pod.spec.imagePullSecrets ?? []).entries()) {
    if (!pullable.has(reference.name ?? ''))
      throw refused(
        attributes,
        `imagePullSecrets[${index}].name="${reference.name ?? ''}" is not allowed because service account ${name} does not reference that imagePullSecret`,
      )
  }
}

/** The same for containers that come into a running pod. */
export function checkEphemeralReferences(
  pod: Draft<Pod>,
  account: ServiceAccount,
  attributes: AdmissionAttributes,
): void {
  checkContainers('ephemeral container', pod.spec.ephemeralContainers ?? [], account, attributes)
}

const mountableSecrets = ({ secrets = [] }: ServiceAccount): ReadonlySet<string> =>
  new Set(secrets.map(({ name }) => name ?? ''))

function checkContainers(
  what: string,
  containers: readonly Draft<Container | EphemeralContainer>[],
  account: ServiceAccount,
  attributes: AdmissionAttributes,
): void {
  const mountable = mountableSecrets(account)
  const accountName = account.metadata.name ?? ''
  const refusal = (how: string, secret: string): Error =>
    refused(
      attributes,
      `${what} ${how} referencing secret.secretName="${secret}" is not allowed because service account ${accountName} does not reference that secret`,
    )
  for (const { name, env = [], envFrom = [] } of containers) {
    for (const variable of env) {
      const reference = variable.valueFrom?.secretKeyRef
      if (reference && !mountable.has(reference.name ?? ''))
        throw refusal(`${name} with envVar ${variable.name}`, reference.name ?? '')
    }
    for (const { secretRef } of envFrom) {
      if (secretRef && !mountable.has(secretRef.name ?? '')) throw refusal(`${name} with envFrom`, secretRef.name ?? '')
    }
  }
}
