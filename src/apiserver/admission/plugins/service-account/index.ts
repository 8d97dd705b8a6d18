import type { Draft } from '#api'
import { andThen, sleep } from '#base'
import type { Pod, ServiceAccount } from '#api/core/v1'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { draftOf, isAbout, refused, unknownName } from '../../refusal.ts'
import { checkEphemeralReferences, checkReferences } from './references.ts'
import { checkMirrorPod, isMirrorPod } from './mirror.ts'
import { mountToken } from './token-volume.ts'

/** Annotation of an account whose pods may use its own secrets alone. */
const enforceMountable = 'kubernetes.io/enforce-mountable-secrets'
const truths: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])

/** The default account of a namespace is made a moment after the namespace. */
const attempts = 10

/** Gives pods the account that they run as, and its token. */
export function serviceAccount(services: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE', 'UPDATE'],
    resources: ['/pods'],
    admit(attributes) {
      if (attributes.operation !== 'CREATE' || !isAbout(attributes, '', 'pods')) return
      const pod = draftOf<Pod>(attributes)
      if (isMirrorPod(pod)) return checkMirrorPod(pod, attributes)
      pod.spec.serviceAccountName ||= 'default'
      return andThen(accountOf(services, pod, attributes), (account) => {
        if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
          mountToken(pod, services.clock)
        const pullSecrets = account.imagePullSecrets ?? []
        if ((pod.spec.imagePullSecrets ?? []).length === 0 && pullSecrets.length > 0)
          pod.spec.imagePullSecrets = pullSecrets.map(({ name }) => (name === undefined ? {} : { name }))
      })
    },
    validate(attributes) {
      const pod = draftOf<Pod>(attributes)
      if (attributes.operation === 'UPDATE') {
        if (!isAbout(attributes, '', 'pods', 'ephemeralcontainers')) return
        return andThen(accountOf(services, pod, attributes), (account) => {
          if (limitsReferences(account)) checkEphemeralReferences(pod, account, attributes)
        })
      }
      if (!isAbout(attributes, '', 'pods')) return
      if (isMirrorPod(pod)) return checkMirrorPod(pod, attributes)
      return andThen(accountOf(services, pod, attributes), (account) => {
        if (limitsReferences(account)) checkReferences(pod, account, attributes)
      })
    },
  }
}

function accountOf(
  services: Services,
  pod: Draft<Pod>,
  attributes: AdmissionAttributes,
): ServiceAccount | Promise<ServiceAccount> {
  const { namespace } = attributes
  const name = pod.spec.serviceAccountName ?? ''
  if (name === '')
    throw refused(attributes, `no service account specified for pod ${namespace}/${pod.metadata.name ?? ''}`)
  const found = services.peek<ServiceAccount>('', 'serviceaccounts', namespace, name)
  return found ?? awaitAccount(services, name, attributes)
}

async function awaitAccount(
  { peek, clock }: Services,
  name: string,
  attributes: AdmissionAttributes,
): Promise<ServiceAccount> {
  const { namespace } = attributes
  const wait = 100 + Math.floor(clock.random() * 100)
  for (let attempt = 1; ; attempt++) {
    const account = peek<ServiceAccount>('', 'serviceaccounts', namespace, name)
    if (account) return account
    if (name !== 'default' || attempt === attempts)
      throw refused(
        attributes,
        `error looking up service account ${namespace}/${name}: ${unknownName(name) ?? `serviceaccount "${name}" not found`}`,
      )
    await sleep(clock, wait, attributes.context.request.signal)
  }
}

function limitsReferences({ metadata }: ServiceAccount): boolean {
  return truths.has(metadata.annotations?.[enforceMountable] ?? '')
}
