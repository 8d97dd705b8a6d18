import type { CSIDriver, CSIDriverSpec, TokenRequest } from '#api/storage/v1'
import { duplicate, invalidValue, nameIsDNSSubdomain, notSupported, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import { immutable } from '../../common/values.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const minTokenSeconds = 600
const maxTokenSeconds = 2 ** 32
const minUpdatePeriodSeconds = 10
const fsGroupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType']
const lifecycleModes = ['Persistent', 'Ephemeral']

/** Errors call the field `attachRequired` by this name. */
const attachedRequired = spec.child('attachedRequired')

export function validateCSIDriver(driver: CSIDriver): readonly FieldError[] {
  return [
    ...validateObjectMeta(driver.metadata, { namespaced: false, name: nameIsDNSSubdomain }, metadata),
    ...validateSpec(driver.spec),
  ]
}

export function validateCSIDriverUpdate(driver: CSIDriver, old: CSIDriver): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(driver.metadata, old.metadata, metadata),
    ...validateSpec(driver.spec),
    ...immutable(attachedRequired, driver.spec.attachRequired, old.spec.attachRequired),
    ...immutable(spec.child('volumeLifecycleModes'), driver.spec.volumeLifecycleModes, old.spec.volumeLifecycleModes),
  ]
}

function validateSpec(wanted: CSIDriverSpec): readonly FieldError[] {
  const { fsGroupPolicy, nodeAllocatableUpdatePeriodSeconds: period, serviceAccountTokenInSecrets } = wanted
  const errors: FieldError[] = []
  if (wanted.attachRequired === undefined) errors.push(required(attachedRequired))
  if (wanted.podInfoOnMount === undefined) errors.push(required(spec.child('podInfoOnMount')))
  if (wanted.storageCapacity === undefined) errors.push(required(spec.child('storageCapacity')))
  if (fsGroupPolicy !== undefined && !fsGroupPolicies.includes(fsGroupPolicy))
    errors.push(notSupported(spec.child('fsGroupPolicy'), fsGroupPolicy, fsGroupPolicies))
  errors.push(...validateTokenRequests(wanted.tokenRequests ?? [], spec.child('tokenRequests')))
  for (const mode of wanted.volumeLifecycleModes ?? [])
    if (!lifecycleModes.includes(mode))
      errors.push(notSupported(spec.child('volumeLifecycleModes'), mode, lifecycleModes))
  if (wanted.seLinuxMount === undefined) errors.push(required(spec.child('seLinuxMount')))
  if (period !== undefined && period < minUpdatePeriodSeconds) {
    const why = `must be greater than or equal to ${minUpdatePeriodSeconds} seconds`
    errors.push(invalidValue(spec.child('nodeAllocatableUpdatePeriodSeconds'), period, why))
  }
  if (serviceAccountTokenInSecrets !== undefined && (wanted.tokenRequests ?? []).length === 0) {
    const why = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified'
    errors.push(invalidValue(spec.child('serviceAccountTokenInSecrets'), serviceAccountTokenInSecrets, why))
  }
  return errors
}

function validateTokenRequests(requests: readonly TokenRequest[], at: Path): readonly FieldError[] {
  const audiences = new Set<string>()
  const errors: FieldError[] = []
  for (const [index, { audience, expirationSeconds: seconds }] of requests.entries()) {
    const path = at.index(index)
    if (audiences.has(audience)) {
      errors.push(duplicate(path.child('audience'), audience))
      continue
    }
    audiences.add(audience)
    if (seconds === undefined) continue
    const atSeconds = path.child('expirationSeconds')
    if (seconds < minTokenSeconds)
      errors.push(invalidValue(atSeconds, seconds, 'may not specify a duration less than 10 minutes'))
    if (seconds > maxTokenSeconds)
      errors.push(invalidValue(atSeconds, seconds, 'may not specify a duration larger than 2^32 seconds'))
  }
  return errors
}
