import type { TokenRequest } from '#api/authentication/v1'
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '#api/core/v1'
import type { CSIDriver } from '#api/storage/v1'
import { notFound, quote } from '#machinery'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes } from '../../admission.ts'
import { draftOf, refused } from '../../refusal.ts'
import type { Restriction } from './index.ts'

/** Nodes get tokens for pods that are bound to them, for audiences that those pods use. */
export const tokenRequest: Restriction = async (node, attributes, services) => {
  if (attributes.operation !== 'CREATE' || attributes.subresource !== 'token') return
  const { spec } = draftOf<TokenRequest>(attributes)
  const { apiVersion, kind, name, uid } = spec.boundObjectRef ?? {}
  if (apiVersion !== 'v1' || kind !== 'Pod' || !name)
    throw refused(attributes, 'node requested token not bound to a pod')
  if (!uid) throw refused(attributes, 'node requested token with a pod binding without a uid')
  const pod = services.peek<Pod>('', 'pods', attributes.namespace, name)
  if (!pod) throw notFound({ group: '', resource: 'pods' }, name)
  if (uid !== pod.metadata.uid)
    throw refused(
      attributes,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    )
  if (pod.spec.nodeName !== node)
    throw refused(attributes, 'node requested token bound to a pod scheduled on a different node')
  await checkAudience(spec.audiences ?? [], pod, attributes, services)
}

async function checkAudience(
  audiences: readonly string[],
  pod: Pod,
  attributes: AdmissionAttributes,
  services: Services,
): Promise<void> {
  if (audiences.length > 1) throw refused(attributes, 'node may only request 0 or 1 audiences')
  const [audience = ''] = audiences
  if ((pod.spec.volumes ?? []).some((volume) => usesAudience(volume, audience, pod, services))) return
  const { verdict } = await services.authorizer.authorize({
    user: attributes.user,
    verb: 'request-serviceaccounts-token-audience',
    isResource: true,
    path: '',
    group: '',
    version: 'v1',
    resource: audience,
    subresource: '',
    namespace: attributes.namespace,
    name: attributes.name,
  })
  if (verdict !== 'allow')
    throw refused(
      attributes,
      `audience ${quote(audience)} not found in pod spec volume, ${attributes.user.name} is not authorized to request tokens for this audience`,
    )
}

function usesAudience(volume: Volume, audience: string, pod: Pod, services: Services): boolean {
  const projected = (volume.projected?.sources ?? []).some(
    ({ serviceAccountToken }) => serviceAccountToken && (serviceAccountToken.audience ?? '') === audience,
  )
  if (projected) return true
  const driver = driverOf(volume, pod, services)
  if (driver === undefined) return false
  const { tokenRequests = [] } = services.peek<CSIDriver>('storage.k8s.io', 'csidrivers', '', driver)?.spec ?? {}
  return tokenRequests.some((request) => request.audience === audience)
}

/** The CSI driver behind a volume, directly or by way of a claim. */
function driverOf(
  { name, csi, persistentVolumeClaim, ephemeral }: Volume,
  { metadata }: Pod,
  { peek }: Services,
): string | undefined {
  if (csi) return csi.driver
  const claimName = ephemeral ? `${metadata.name ?? ''}-${name}` : persistentVolumeClaim?.claimName
  if (claimName === undefined) return undefined
  const claim = peek<PersistentVolumeClaim>('', 'persistentvolumeclaims', metadata.namespace ?? '', claimName)
  return peek<PersistentVolume>('', 'persistentvolumes', '', claim?.spec.volumeName ?? '')?.spec.csi?.driver
}
