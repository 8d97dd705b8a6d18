import type {
  AzureDiskVolumeSource,
  CSIPersistentVolumeSource,
  FCVolumeSource,
  FlexPersistentVolumeSource,
  FlockerVolumeSource,
  GlusterfsPersistentVolumeSource,
  HostPathVolumeSource,
  ISCSIPersistentVolumeSource,
  NFSVolumeSource,
  PersistentVolumeSpec,
  QuobyteVolumeSource,
  SecretReference,
  StorageOSPersistentVolumeSource,
} from '#api/core/v1'
import { byteLength, fieldForbidden, invalidValue, nameIsDNSLabel, notSupportedText, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateCSIDriverName } from '../../storage/csi-driver-name.ts'
import { validateDNSLabel, validateDNSSubdomain, validateOneOf } from '../checks.ts'
import { validateNoBacksteps } from '../pod-spec/validation/paths.ts'

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]
const cachingModes = ['None', 'ReadOnly', 'ReadWrite']
const diskKinds = ['Dedicated', 'Managed', 'Shared']
const managedDisk = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}'
const blobDisk = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd'

type Spec = PersistentVolumeSpec

/** A kind of volume: where it stands in the spec, and its rules. */
interface Source {
  readonly field: keyof Spec
  /** The field as messages name it, where that differs: for a source too many, for what is wrong with it. */
  readonly refusedAs?: string
  readonly namedAs?: string
  /** May stand beside others. */
  readonly tolerant?: true
  readonly validate: (spec: Spec, path: Path, volume: string) => readonly FieldError[]
}

function source<K extends keyof Spec>(
  field: K,
  validate: (source: NonNullable<Spec[K]>, path: Path, volume: string) => readonly FieldError[],
  others: Pick<Source, 'refusedAs' | 'namedAs' | 'tolerant'> = {},
): Source {
  return {
    field,
    ...others,
    validate(spec, path, volume) {
      const value = spec[field]
      return value === undefined || value === null ? [] : validate(value, path, volume)
    },
  }
}

const sources: readonly Source[] = [
  source('hostPath', validateHostPath),
  source(
    'gcePersistentDisk',
    ({ pdName, partition }, path) => [...needed({ pdName }, path), ...validatePartition(partition ?? 0, path)],
    { namedAs: 'persistentDisk' },
  ),
  source('awsElasticBlockStore', ({ volumeID, partition }, path) => [
    ...needed({ volumeID }, path),
    ...validatePartition(partition ?? 0, path),
  ]),
  source('glusterfs', validateGlusterfs),
  source('flocker', validateFlocker),
  source('nfs', validateNFS),
  source('rbd', ({ monitors, image }, path) => [...neededList({ monitors }, path), ...needed({ image }, path)]),
  source('quobyte', validateQuobyte),
  source('cephfs', ({ monitors }, path) => neededList({ monitors }, path), { refusedAs: 'cephFS' }),
  source('iscsi', validateISCSI),
  source('cinder', ({ volumeID, secretRef }, path) => [
    ...needed({ volumeID }, path),
    ...(secretRef ? needed({ name: secretRef.name, namespace: secretRef.namespace }, path.child('secretRef')) : []),
  ]),
  source('fc', validateFC),
  source('flexVolume', validateFlex, { tolerant: true }),
  source('azureFile', ({ secretName, shareName, secretNamespace }, path) => [
    ...needed({ secretName, shareName }, path),
    ...(secretNamespace === '' ? [required(path.child('secretNamespace'))] : []),
  ]),
  source('vsphereVolume', ({ volumePath }, path) => needed({ volumePath }, path)),
  source('photonPersistentDisk', ({ pdID }, path) => needed({ pdID }, path)),
  source('portworxVolume', ({ volumeID }, path) => needed({ volumeID }, path)),
  source('azureDisk', validateAzureDisk),
  source('scaleIO', ({ gateway, system, volumeName }, path) => needed({ gateway, system, volumeName }, path)),
  source('local', ({ path: local }, path) => validateLocalPath(local, path)),
  source('storageos', validateStorageOS),
  source('csi', validateCSI),
]

/** Fields of a spec that say where the volume is. */
export const sourceFields: readonly (keyof Spec)[] = sources.map(({ field }) => field)

/** A volume is in one place. `bound`: the spec says which nodes can reach it. */
export function validateSources(spec: Spec, volume: string, bound: boolean, path: Path): readonly FieldError[] {
  const errors: FieldError[] = []
  let found = 0
  for (const { field, refusedAs = field, namedAs = field, tolerant, validate } of sources) {
    if (spec[field] === undefined) continue
    if (found > 0 && !tolerant) {
      errors.push(fieldForbidden(path.child(refusedAs), 'may not specify more than 1 volume type'))
      continue
    }
    found++
    errors.push(...validate(spec, path.child(namedAs), volume))
    if (field === 'local' && !bound)
      errors.push(required(path.child('nodeAffinity'), 'Local volume requires node affinity'))
  }
  return found === 0 ? [required(path, 'must specify a volume type')] : errors
}

function needed(fields: { readonly [field: string]: string | undefined }, path: Path): readonly FieldError[] {
  return Object.entries(fields).flatMap(([field, value]) => (value ? [] : [required(path.child(field))]))
}

function neededList(
  fields: { readonly [field: string]: readonly string[] | null | undefined },
  path: Path,
): readonly FieldError[] {
  return Object.entries(fields).flatMap(([field, value]) => (value?.length ? [] : [required(path.child(field))]))
}

function validatePartition(partition: number, path: Path): readonly FieldError[] {
  if (partition >= 0 && partition <= 255) return []
  return [invalidValue(path.child('partition'), partition, 'must be between 1 and 255, inclusive')]
}

function validateLun(lun: number, path: Path): readonly FieldError[] {
  return lun >= 0 && lun <= 255 ? [] : [invalidValue(path.child('lun'), lun, 'must be between 0 and 255, inclusive')]
}

function validateLocalPath(local: string, path: Path): readonly FieldError[] {
  return local ? validateNoBacksteps(local, path.child('path')) : [required(path.child('path'))]
}

function validateHostPath({ path: hostPath, type }: HostPathVolumeSource, path: Path): readonly FieldError[] {
  if (!hostPath) return [required(path.child('path'))]
  return [
    ...validateNoBacksteps(hostPath, path.child('path')),
    ...(type === undefined ? [] : validateOneOf(type, hostPathTypes, path.child('type'))),
  ]
}

function validateGlusterfs(volume: GlusterfsPersistentVolumeSource, path: Path): readonly FieldError[] {
  const { endpoints, path: volumePath, endpointsNamespace: namespace } = volume
  const errors = needed({ endpoints, path: volumePath }, path)
  if (namespace === undefined) return errors
  const at = path.child('endpointsNamespace')
  const problems =
    namespace === ''
      ? ['if the endpointnamespace is set, it must be a valid namespace name']
      : nameIsDNSLabel(namespace, false)
  return [...errors, ...problems.map((problem) => invalidValue(at, namespace, problem))]
}

function validateFlocker(
  { datasetName = '', datasetUUID = '' }: FlockerVolumeSource,
  path: Path,
): readonly FieldError[] {
  const errors: FieldError[] = []
  if (datasetName === '' && datasetUUID === '')
    errors.push(required(path, 'one of datasetName and datasetUUID is required'))
  if (datasetName !== '' && datasetUUID !== '')
    errors.push(invalidValue(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'))
  if (datasetName.includes('/'))
    errors.push(invalidValue(path.child('datasetName'), datasetName, "must not contain '/'"))
  return errors
}

function validateNFS({ server, path: exported }: NFSVolumeSource, path: Path): readonly FieldError[] {
  const errors = needed({ server, path: exported }, path)
  if (exported?.startsWith('/')) return errors
  return [...errors, invalidValue(path.child('path'), exported ?? '', 'must be an absolute path')]
}

function validateQuobyte({ registry, tenant = '', volume }: QuobyteVolumeSource, path: Path): readonly FieldError[] {
  const why = 'must be a host:port pair or multiple pairs separated by commas'
  const errors: FieldError[] = []
  if (!registry) errors.push(required(path.child('registry'), why))
  else if (byteLength(tenant) >= 65)
    errors.push(required(path.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters'))
  else
    for (const pair of registry.split(','))
      if (!isHostAndPort(pair)) errors.push(invalidValue(path.child('registry'), registry, why))
  return [...errors, ...needed({ volume }, path)]
}

/** `host:port`, the host in brackets where it has colons. Either may be empty. */
const isHostAndPort = (text: string): boolean => /^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(text)

const initiatorForms: readonly (readonly [string, RegExp])[] = [
  ['iqn', /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/],
  ['eui', /^eui.[A-Za-z0-9]{16}$/],
  ['naa', /^naa.[A-Za-z0-9]{32}$/],
]

function validateInitiator(name: string, path: Path): readonly FieldError[] {
  const form = initiatorForms.find(([prefix]) => name.startsWith(prefix))
  return form?.[1].test(name) ? [] : [invalidValue(path, name, 'must be valid format')]
}

function validateISCSI(target: ISCSIPersistentVolumeSource, path: Path, volume: string): readonly FieldError[] {
  const { targetPortal = '', initiatorName, iqn = '', lun = 0, secretRef } = target as Partial<typeof target>
  const errors: FieldError[] = [...needed({ targetPortal }, path)]
  if (initiatorName !== undefined && byteLength(`${volume}:${targetPortal}`) > 64) {
    const why =
      'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.'
    errors.push(invalidValue(path.child('targetportal'), targetPortal, why))
  }
  errors.push(...(iqn === '' ? [required(path.child('iqn'))] : validateInitiator(iqn, path.child('iqn'))))
  errors.push(...validateLun(lun, path))
  if ((target.chapAuthDiscovery || target.chapAuthSession) && !secretRef) errors.push(required(path.child('secretRef')))
  if (secretRef) errors.push(...needed({ name: secretRef.name }, path.child('secretRef')))
  if (initiatorName !== undefined) errors.push(...validateInitiator(initiatorName, path.child('initiatorname')))
  return errors
}

function validateFC({ targetWWNs, wwids, lun }: FCVolumeSource, path: Path): readonly FieldError[] {
  const names = targetWWNs ?? []
  const ids = wwids ?? []
  const at = path.child('targetWWNs')
  const errors: FieldError[] = []
  if (names.length === 0 && ids.length === 0)
    errors.push(required(at, 'must specify either targetWWNs or wwids, but not both'))
  if (names.length > 0 && ids.length > 0)
    errors.push(invalidValue(at, names, 'targetWWNs and wwids can not be specified simultaneously'))
  if (names.length === 0) return errors
  const problems =
    lun === undefined
      ? [required(path.child('lun'), 'lun is required if targetWWNs is specified')]
      : validateLun(lun, path)
  return [...errors, ...problems]
}

function validateFlex({ driver, options = {} }: FlexPersistentVolumeSource, path: Path): readonly FieldError[] {
  const errors: FieldError[] = [...needed({ driver }, path)]
  for (const key of Object.keys(options)) {
    const slash = key.indexOf('/')
    const domain = `.${(slash < 0 ? key : key.slice(0, slash)).toLowerCase()}`
    if (domain.endsWith('.kubernetes.io') || domain.endsWith('.k8s.io')) {
      const why = 'kubernetes.io and k8s.io namespaces are reserved'
      errors.push(invalidValue(path.child('options').key(key), key, why))
    }
  }
  return errors
}

function validateAzureDisk(disk: AzureDiskVolumeSource, path: Path): readonly FieldError[] {
  const { diskName, diskURI, cachingMode, kind } = disk
  const errors: FieldError[] = [...needed({ diskName, diskURI }, path)]
  if (cachingMode !== undefined) errors.push(...validateOneOf(cachingMode, cachingModes, path.child('cachingMode')))
  if (kind === undefined) return errors
  errors.push(...validateOneOf(kind, diskKinds, path.child('kind')))
  const [prefix, form] = kind === 'Managed' ? ['/subscriptions/', managedDisk] : ['https://', blobDisk]
  if (!diskURI.startsWith(prefix)) errors.push(notSupportedText(path.child('diskURI'), diskURI, [form]))
  return errors
}

function validateStorageOS(volume: StorageOSPersistentVolumeSource, path: Path): readonly FieldError[] {
  const { volumeName = '', volumeNamespace = '', secretRef } = volume
  return [
    ...(volumeName === ''
      ? [required(path.child('volumeName'))]
      : validateDNSLabel(volumeName, path.child('volumeName'))),
    ...(volumeNamespace === '' ? [] : validateDNSLabel(volumeNamespace, path.child('volumeNamespace'))),
    ...(secretRef ? needed({ name: secretRef.name, namespace: secretRef.namespace }, path.child('secretRef')) : []),
  ]
}

function validateCSI(volume: CSIPersistentVolumeSource, path: Path): readonly FieldError[] {
  const { driver, volumeHandle } = volume
  const references: readonly (readonly [string, SecretReference | undefined])[] = [
    ['controllerPublishSecretRef', volume.controllerPublishSecretRef],
    ['controllerExpandSecretRef', volume.controllerExpandSecretRef],
    ['nodePublishSecretRef', volume.nodePublishSecretRef],
    ['nodeExpandSecretRef', volume.nodeExpandSecretRef],
  ]
  return [
    ...validateCSIDriverName(driver, path.child('driver')),
    ...needed({ volumeHandle }, path),
    ...references.flatMap(([field, reference]) => (reference ? validateSecret(reference, path.child(field)) : [])),
  ]
}

function validateSecret({ name = '', namespace = '' }: SecretReference, path: Path): readonly FieldError[] {
  return [
    ...(name === '' ? [required(path.child('name'))] : validateDNSSubdomain(name, path.child('name'))),
    ...(namespace === '' ? [required(path.child('namespace'))] : validateDNSLabel(namespace, path.child('namespace'))),
  ]
}
