import { groupVersions } from '#api'
import { groupVersionOf } from './object-type.ts'

/** Kinds that objects may name though they are served no more, or never were: by group version. Each may have a list. */
const unserved = `
v1 List NodeProxyOptions PodAttachOptions PodExecOptions PodLogOptions PodPortForwardOptions PodProxyOptions PodStatusResult RangeAllocation SerializedReference ServiceProxyOptions
admission.k8s.io/v1 AdmissionReview
admission.k8s.io/v1beta1 AdmissionReview
admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicy MutatingAdmissionPolicyBinding ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1beta1 MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration
apps/v1beta1 ControllerRevision Deployment DeploymentRollback Scale StatefulSet
apps/v1beta2 ControllerRevision DaemonSet Deployment ReplicaSet Scale StatefulSet
authentication.k8s.io/v1alpha1 SelfSubjectReview
authentication.k8s.io/v1beta1 SelfSubjectReview TokenReview
authorization.k8s.io/v1beta1 LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview
batch/v1beta1 CronJob
certificates.k8s.io/v1alpha1 ClusterTrustBundle
certificates.k8s.io/v1beta1 CertificateSigningRequest ClusterTrustBundle PodCertificateRequest
coordination.k8s.io/v1alpha2 LeaseCandidate
coordination.k8s.io/v1beta1 Lease LeaseCandidate
discovery.k8s.io/v1beta1 EndpointSlice
events.k8s.io/v1beta1 Event
extensions/v1beta1 DaemonSet Deployment DeploymentRollback Ingress NetworkPolicy ReplicaSet Scale
flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema PriorityLevelConfiguration
imagepolicy.k8s.io/v1alpha1 ImageReview
internal.apiserver.k8s.io/v1alpha1 StorageVersion
networking.k8s.io/v1beta1 IPAddress Ingress IngressClass ServiceCIDR
node.k8s.io/v1alpha1 RuntimeClass
node.k8s.io/v1beta1 RuntimeClass
policy/v1beta1 Eviction PodDisruptionBudget
rbac.authorization.k8s.io/v1alpha1 ClusterRole ClusterRoleBinding Role RoleBinding
rbac.authorization.k8s.io/v1beta1 ClusterRole ClusterRoleBinding Role RoleBinding
resource.k8s.io/v1alpha3 DeviceTaintRule
resource.k8s.io/v1beta1 DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice
resource.k8s.io/v1beta2 DeviceClass DeviceTaintRule ResourceClaim ResourceClaimTemplate ResourceSlice
scheduling.k8s.io/v1alpha2 PodGroup Workload
scheduling.k8s.io/v1beta1 PriorityClass
storage.k8s.io/v1alpha1 CSIStorageCapacity VolumeAttachment VolumeAttributesClass
storage.k8s.io/v1beta1 CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass
storagemigration.k8s.io/v1beta1 StorageVersionMigration
apiextensions.k8s.io/v1beta1 ConversionReview CustomResourceDefinition
apiregistration.k8s.io/v1beta1 APIService`
const unservedKinds = new Map(
  unserved
    .trim()
    .split('\n')
    .map((line): [string, readonly string[]] => {
      const [groupVersion = '', ...kinds] = line.split(' ')
      return [groupVersion, kinds]
    }),
)

/** Group versions that are known besides those that are served, such as `apps/v1beta1`. */
export function unservedGroupVersions(): readonly string[] {
  return [...unservedKinds.keys()].filter((name) => name !== 'v1')
}

/** What the API answers besides objects has the version `v1` of no group, wherever kinds are known. */
const answers = new Set(['APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions', 'Status'])

/** Kinds that every group version has besides its own: what requests say of themselves. */
const inEveryGroup = new Set([
  'CreateOptions',
  'DeleteOptions',
  'GetOptions',
  'ListOptions',
  'PatchOptions',
  'UpdateOptions',
  'WatchEvent',
])

/** Where a group's kinds are registered, as refusals of unknown ones tell. */
const schemes: { readonly [group: string]: string | undefined } = {
  'apiextensions.k8s.io': 'k8s.io/apiextensions-apiserver/pkg/apiserver/apiserver.go:55',
  'apiregistration.k8s.io': 'k8s.io/kube-aggregator/pkg/apiserver/scheme/scheme.go:28',
}

/** The same for custom resources. */
export const customScheme = 'k8s.io/apiextensions-apiserver/pkg/apiserver/customresource_handler.go:781'

/** The source line that refusals of a group's endpoints name. */
export function schemeOf(group: string): string {
  return schemes[group] ?? 'pkg/api/legacyscheme/scheme.go:30'
}

/** Whether an endpoint of a group knows a kind at all, be it of another group or version. */
export function isKnownElsewhere(
  {
    group,
    version,
    kind,
  }: {
    readonly group: string
    readonly version: string
    readonly kind: string
  },
  ofGroup: string,
): boolean {
  if (group === '' && version === 'v1' && (answers.has(kind) || inEveryGroup.has(kind))) return true
  if (group === 'meta.k8s.io') return false
  // Two groups have kinds of their own, and know no others.
  if ((group in schemes || ofGroup in schemes) && group !== ofGroup) return false
  const named = unservedKinds.get(groupVersionOf({ group, version }))
  const known = (name: string): boolean => named?.includes(name) ?? false
  const stem = kind.endsWith('List') ? kind.slice(0, -'List'.length) : kind
  if (known(kind) || known(stem)) return true
  if (named && inEveryGroup.has(kind)) return true
  for (const data of groupVersions.values()) {
    if (data.group !== group || data.version !== version) continue
    return inEveryGroup.has(kind) || data.types[kind]?.kind === true || data.types[stem]?.kind === true
  }
  return false
}
