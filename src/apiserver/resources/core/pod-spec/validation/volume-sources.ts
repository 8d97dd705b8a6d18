import type { Volume } from '#api/core/v1'
import { fieldForbidden, Quantity } from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { PodValidationOptions } from '../options.ts'
import {
  validateAwsDisk,
  validateAzureDisk,
  validateAzureFile,
  validateGceDisk,
  validatePhotonDisk,
  validateVsphereDisk,
} from './volumes/cloud.ts'
import { validateEphemeral } from './volumes/claim-template.ts'
import { validateConfigMap, validateDownwardAPI, validateHostPath, validateSecret } from './volumes/local.ts'
import {
  validateCephFS,
  validateCinder,
  validateFlocker,
  validateGlusterfs,
  validateNFS,
  validatePortworx,
  validateQuobyte,
  validateRBD,
  validateScaleIO,
  validateStorageOS,
} from './volumes/network.ts'
import { validateFC, validateISCSI } from './volumes/block.ts'
import { validateCSI, validateFlex, validateGitRepo, validateImage, validatePersistentClaim } from './volumes/other.ts'
import { validateProjected } from './volumes/projected.ts'

type SourceField = Exclude<keyof Volume, 'name'>
type Check<F extends SourceField> = (
  source: NonNullable<Volume[F]>,
  path: Path,
  options: PodValidationOptions,
) => readonly FieldError[]

/** How one kind of volume is checked. */
export interface VolumeCheck {
  readonly field: SourceField
  /** The name under which its faults are told. */
  readonly at: string
  /** The name under which it is refused beside another. */
  readonly refusedAt: string
  readonly check: (source: unknown, path: Path, options: PodValidationOptions) => readonly FieldError[]
}

function kind<F extends SourceField>(
  field: F,
  check: Check<F>,
  names: { readonly at?: string; readonly refusedAt?: string } = {},
): VolumeCheck {
  const { at = field, refusedAt = field } = names
  return { field, at, refusedAt, check: check as VolumeCheck['check'] }
}

/** In the order in which they are looked for. */
export const volumeChecks: readonly VolumeCheck[] = [
  kind('emptyDir', ({ sizeLimit = '0' }, path) =>
    Quantity.parse(sizeLimit).sign() < 0
      ? [fieldForbidden(path.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity')]
      : [],
  ),
  kind('hostPath', validateHostPath),
  kind('gitRepo', validateGitRepo),
  kind('gcePersistentDisk', validateGceDisk, { at: 'persistentDisk' }),
  kind('awsElasticBlockStore', validateAwsDisk),
  kind('secret', validateSecret),
  kind('nfs', validateNFS),
  kind('iscsi', validateISCSI),
  kind('glusterfs', validateGlusterfs),
  kind('flocker', validateFlocker),
  kind('persistentVolumeClaim', validatePersistentClaim),
  kind('rbd', validateRBD),
  kind('cinder', validateCinder),
  kind('cephfs', validateCephFS, { refusedAt: 'cephFS' }),
  kind('quobyte', validateQuobyte),
  kind('downwardAPI', validateDownwardAPI, { refusedAt: 'downwarAPI' }),
  kind('fc', validateFC),
  kind('flexVolume', validateFlex),
  kind('configMap', validateConfigMap),
  kind('azureFile', validateAzureFile),
  kind('vsphereVolume', validateVsphereDisk),
  kind('photonPersistentDisk', validatePhotonDisk),
  kind('portworxVolume', validatePortworx),
  kind('azureDisk', validateAzureDisk),
  kind('storageos', validateStorageOS),
  kind('projected', validateProjected),
  kind('scaleIO', validateScaleIO),
  kind('csi', validateCSI),
  kind('ephemeral', validateEphemeral),
  kind('image', validateImage),
]
