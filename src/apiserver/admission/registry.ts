import { mutatingAdmissionWebhook } from './plugins/webhooks/mutating.ts'
import { validatingAdmissionWebhook } from './plugins/webhooks/validating.ts'
import type { Services } from '../services.ts'
import type { AdmissionPlugin } from './admission.ts'
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './plugins/certificates.ts'
import { nodeDeclaredFeatureValidator } from './plugins/node-declared-features.ts'
import { nodeRestriction } from './plugins/node-restriction/index.ts'
import { validatingAdmissionPolicy } from './plugins/policies/index.ts'
import { mutatingAdmissionPolicy } from './plugins/policies/mutating.ts'
import { podSecurity } from './plugins/pod-security/index.ts'
import { podResizeValidator } from './plugins/pod-resize.ts'
import { podTopologyLabels } from './plugins/pod-topology-labels.ts'
import { defaultIngressClass, defaultStorageClass } from './plugins/default-class.ts'
import { defaultTolerationSeconds } from './plugins/default-toleration-seconds.ts'
import { limitRanger } from './plugins/limit-ranger/index.ts'
import { namespaceLifecycle } from './plugins/namespace-lifecycle.ts'
import { persistentVolumeClaimResize } from './plugins/persistent-volume-claim-resize.ts'
import { priority } from './plugins/priority.ts'
import { resourceQuota } from './plugins/resource-quota/index.ts'
import { runtimeClass } from './plugins/runtime-class/index.ts'
import { serviceAccount } from './plugins/service-account/index.ts'
import { storageObjectInUseProtection } from './plugins/storage-object-in-use-protection.ts'
import { taintNodesByCondition } from './plugins/taint-nodes-by-condition.ts'

/** One plugin that the server knows. */
interface KnownPlugin {
  readonly name: string
  readonly onByDefault: boolean
  readonly create: (services: Services) => Omit<AdmissionPlugin, 'name'>
}

/** In the order in which they are asked, which is upstream's. */
const known: readonly KnownPlugin[] = [
  { name: 'NamespaceLifecycle', onByDefault: true, create: namespaceLifecycle },
  { name: 'LimitRanger', onByDefault: true, create: limitRanger },
  { name: 'ServiceAccount', onByDefault: true, create: serviceAccount },
  { name: 'NodeRestriction', onByDefault: false, create: nodeRestriction },
  { name: 'TaintNodesByCondition', onByDefault: true, create: taintNodesByCondition },
  { name: 'PodSecurity', onByDefault: true, create: podSecurity },
  { name: 'Priority', onByDefault: true, create: priority },
  { name: 'DefaultTolerationSeconds', onByDefault: true, create: defaultTolerationSeconds },
  { name: 'DefaultStorageClass', onByDefault: true, create: defaultStorageClass },
  { name: 'StorageObjectInUseProtection', onByDefault: true, create: storageObjectInUseProtection },
  { name: 'PersistentVolumeClaimResize', onByDefault: true, create: persistentVolumeClaimResize },
  { name: 'RuntimeClass', onByDefault: true, create: runtimeClass },
  { name: 'CertificateApproval', onByDefault: true, create: certificateApproval },
  { name: 'CertificateSigning', onByDefault: true, create: certificateSigning },
  { name: 'CertificateSubjectRestriction', onByDefault: true, create: certificateSubjectRestriction },
  { name: 'DefaultIngressClass', onByDefault: true, create: defaultIngressClass },
  { name: 'PodTopologyLabels', onByDefault: true, create: podTopologyLabels },
  { name: 'NodeDeclaredFeatureValidator', onByDefault: true, create: nodeDeclaredFeatureValidator },
  { name: 'PodResizeValidator', onByDefault: true, create: podResizeValidator },
  { name: 'MutatingAdmissionPolicy', onByDefault: true, create: mutatingAdmissionPolicy },
  { name: 'MutatingAdmissionWebhook', onByDefault: true, create: mutatingAdmissionWebhook },
  { name: 'ValidatingAdmissionPolicy', onByDefault: true, create: validatingAdmissionPolicy },
  { name: 'ValidatingAdmissionWebhook', onByDefault: true, create: validatingAdmissionWebhook },
  { name: 'ResourceQuota', onByDefault: true, create: resourceQuota },
]

/** Plugins to have besides those that are on by default, and those of them to do without. */
export interface AdmissionChoice {
  readonly enable?: readonly string[]
  readonly disable?: readonly string[]
}

/**
 * The plugins of a server, in order.
 * @throws Error when a name is not known
 */
export function admissionPlugins(
  services: Services,
  { enable = [], disable = [] }: AdmissionChoice = {},
): readonly AdmissionPlugin[] {
  for (const name of [...enable, ...disable]) {
    if (!known.some((plugin) => plugin.name === name)) throw new Error(`choose admission plugin: "${name}" is unknown`)
  }
  return known
    .filter(({ name, onByDefault }) => enable.includes(name) || (onByDefault && !disable.includes(name)))
    .map(({ name, create }) => ({ name, ...create(services) }))
}
