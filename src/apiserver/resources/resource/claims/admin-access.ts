import type { Namespace } from '#api/core/v1'
import type { ResourceClaim, ResourceClaimSpec } from '#api/resource/v1'
import { fieldForbidden, internalFieldError, Path } from '#machinery'
import type { FieldError } from '#machinery'
import type { RequestContext } from '../../../request/context.ts'

const label = 'resource.kubernetes.io/admin-access'

/** Devices of others can be reached only from namespaces that are marked for it. */
export function refuseAdminAccess(
  { devices }: ResourceClaimSpec,
  namespace: string,
  context: RequestContext,
): readonly FieldError[] {
  const index = (devices?.requests ?? []).findIndex(({ exactly }) => exactly?.adminAccess === true)
  if (index < 0) return []
  return refuse(Path.of('spec', 'devices', 'requests').index(index).child('adminAccess'), namespace, context)
}

/** The same for what is allocated, unless it was before. */
export function refuseAdminAccessStatus(
  claim: ResourceClaim,
  old: ResourceClaim,
  context: RequestContext,
): readonly FieldError[] {
  const granted = ({ status }: ResourceClaim): number =>
    (status?.allocation?.devices?.results ?? []).findIndex(({ adminAccess }) => adminAccess === true)
  const index = granted(claim)
  if (index < 0 || granted(old) >= 0) return []
  const at = Path.of('status', 'allocation', 'devices', 'results').index(index).child('adminAccess')
  return refuse(at, claim.metadata.namespace ?? '', context)
}

function refuse(at: Path, name: string, { services }: RequestContext): readonly FieldError[] {
  const namespace = services.peek<Namespace>('', 'namespaces', '', name)
  if (!namespace) {
    const why = `could not retrieve namespace to verify admin access: namespaces "${name}" not found`
    return [internalFieldError(at, why)]
  }
  if (namespace.metadata.labels?.[label] === 'true') return []
  return [
    fieldForbidden(at, `admin access to devices requires the \`${label}: true\` label on the containing namespace`),
  ]
}
