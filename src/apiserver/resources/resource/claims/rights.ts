import type { AllocatedDeviceStatus, AllocationResult, ResourceClaim } from '#api/resource/v1'
import type { UserInfo } from '#client'
import { semanticEqual } from '#base'
import { fieldForbidden, nameIsDNSSubdomain, Path } from '#machinery'
import { mayNot } from '../../../authz/refusal.ts'
import { refuse } from '../../common/refusals.ts'
import type { RequestContext } from '../../../request/context.ts'

const group = 'resource.k8s.io'
const associated = 'associated-node:'
const arbitrary = 'arbitrary-node:'
const nodeNameKey = 'authentication.kubernetes.io/node-name'

/** Who allocates claims and who tells of their devices need rights of their own. */
export async function checkStatusRights(
  claim: ResourceClaim,
  old: ResourceClaim | undefined,
  context: RequestContext,
): Promise<void> {
  await checkBinding(claim, old, context)
  if (claim.status?.allocation) await checkDevices(claim, old, context)
}

const attributesOf = (
  { user, info }: RequestContext,
  verb: string,
  subresource: string,
  namespace: string,
  name: string,
): Parameters<typeof mayNot>[1] => ({
  user,
  verb,
  isResource: true,
  path: info.path,
  group,
  version: info.version,
  resource: 'resourceclaims',
  subresource,
  namespace,
  name,
})

async function checkBinding(
  claim: ResourceClaim,
  old: ResourceClaim | undefined,
  context: RequestContext,
): Promise<void> {
  const { status = {} } = claim
  const before = old?.status ?? {}
  const same =
    semanticEqual(status.allocation, before.allocation) &&
    semanticEqual(status.reservedFor ?? [], before.reservedFor ?? [])
  if (same) return
  const { verb } = context.info
  const refusal = await mayNot(context.services.authorizer, attributesOf(context, verb, 'binding', '', ''))
  if (!refusal) return
  const why = `changing status.allocation or status.reservedFor requires resource="resourceclaims/binding", verb="${verb}" permission: ${refusal.message}`
  refuse(claim, [fieldForbidden(Path.of('status', 'allocation'), why)])
}

async function checkDevices(
  claim: ResourceClaim,
  old: ResourceClaim | undefined,
  context: RequestContext,
): Promise<void> {
  const { verb } = context.info
  const own = isOnNode(context.user, nodeOf(claim.status?.allocation))
  const verbs = own ? [associated + verb, arbitrary + verb] : [arbitrary + verb]
  const drivers = changedDrivers(claim.status?.devices ?? [], old?.status?.devices ?? [])
  for (const driver of drivers.toSorted()) {
    const message = await refusalOf(driver, verbs, claim.metadata.namespace ?? '', context)
    if (message === undefined) continue
    const why = `changing status.devices requires resource="resourceclaims/driver", verb="[${verbs.join(' ')}]" permission: ${message}`
    refuse(claim, [fieldForbidden(Path.of('status', 'devices'), why)])
  }
}

/** Why none of the verbs is allowed; `undefined` when one is. */
async function refusalOf(
  driver: string,
  verbs: readonly string[],
  namespace: string,
  context: RequestContext,
): Promise<string | undefined> {
  let first: string | undefined
  for (const verb of verbs) {
    const refusal = await mayNot(context.services.authorizer, attributesOf(context, verb, 'driver', namespace, driver))
    if (!refusal) return undefined
    first ??= refusal.message
  }
  return first
}

function changedDrivers(
  devices: readonly AllocatedDeviceStatus[],
  before: readonly AllocatedDeviceStatus[],
): readonly string[] {
  const keyOf = ({ driver, pool, device, shareID = '' }: AllocatedDeviceStatus): string =>
    JSON.stringify([driver, pool, device, shareID])
  const rest = new Map(before.map((device) => [keyOf(device), device]))
  const changed = new Set<string>()
  for (const device of devices) {
    const key = keyOf(device)
    if (!semanticEqual(rest.get(key), device)) changed.add(device.driver)
    rest.delete(key)
  }
  for (const { driver } of rest.values()) changed.add(driver)
  return [...changed]
}

/** The one node that an allocation is for. */
function nodeOf(allocation: AllocationResult | undefined): string | undefined {
  const terms = allocation?.nodeSelector?.nodeSelectorTerms ?? []
  const [term] = terms
  const fields = term?.matchFields ?? []
  const [field] = fields
  if (terms.length !== 1 || (term?.matchExpressions ?? []).length > 0 || fields.length !== 1) return undefined
  if (field?.key !== 'metadata.name' || field.operator !== 'In' || field.values?.length !== 1) return undefined
  return field.values[0]
}

/** The user is a service account whose pod runs on the node. */
function isOnNode({ name, extra }: UserInfo, node: string | undefined): boolean {
  if (!node || !/^system:serviceaccount:[^:]+:[^:]+$/.test(name)) return false
  const [own, ...more] = extra?.[nodeNameKey] ?? []
  return own === node && more.length === 0 && nameIsDNSSubdomain(node, false).length === 0
}
