import type {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  AzureFileVolumeSource,
  GCEPersistentDiskVolumeSource,
  PhotonPersistentDiskVolumeSource,
  VsphereVirtualDiskVolumeSource,
} from '#api/core/v1'
import { inclusiveRangeError, invalidValue, notSupported, notSupportedText } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { missing } from './missing.ts'

function validatePartition(partition = 0, path: Path): FieldError[] {
  if (partition >= 0 && partition <= 255) return []
  return [invalidValue(path.child('partition'), partition, inclusiveRangeError(1, 255))]
}

export const validateGceDisk = ({ pdName, partition }: GCEPersistentDiskVolumeSource, path: Path): FieldError[] => [
  ...missing({ pdName }, path),
  ...validatePartition(partition, path),
]

export const validateAwsDisk = (
  { volumeID, partition }: AWSElasticBlockStoreVolumeSource,
  path: Path,
): FieldError[] => [...missing({ volumeID }, path), ...validatePartition(partition, path)]

export const validateAzureFile = ({ secretName, shareName }: AzureFileVolumeSource, path: Path): FieldError[] =>
  missing({ secretName, shareName }, path)

export const validateVsphereDisk = ({ volumePath }: VsphereVirtualDiskVolumeSource, path: Path): FieldError[] =>
  missing({ volumePath }, path)

export const validatePhotonDisk = ({ pdID }: PhotonPersistentDiskVolumeSource, path: Path): FieldError[] =>
  missing({ pdID }, path)

const cachingModes = ['None', 'ReadOnly', 'ReadWrite']
const diskKinds = ['Dedicated', 'Managed', 'Shared']
const managedForm = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}'
const blobForm = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd'

export function validateAzureDisk(disk: AzureDiskVolumeSource, path: Path): FieldError[] {
  const { diskName, diskURI, cachingMode, kind } = disk
  const errors = missing({ diskName, diskURI }, path)
  if (cachingMode !== undefined && !cachingModes.includes(cachingMode))
    errors.push(notSupported(path.child('cachingMode'), cachingMode, cachingModes))
  if (kind === undefined) return errors
  if (!diskKinds.includes(kind)) errors.push(notSupported(path.child('kind'), kind, diskKinds))
  const [begin, form] = kind === 'Managed' ? ['/subscriptions/', managedForm] : ['https://', blobForm]
  if (!diskURI.startsWith(begin)) errors.push(notSupportedText(path.child('diskURI'), diskURI, [form]))
  return errors
}
