import type { Draft } from '#api'
import type { CSIDriver } from '#api/storage/v1'
import { semanticEqual } from '#base'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { raiseGenerationWithSpec } from '../../common/generation.ts'
import { validateCSIDriver, validateCSIDriverUpdate } from './validation.ts'

const secretsRecommended =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes'

const leaksTokens = ({ spec }: CSIDriver): boolean =>
  (spec.tokenRequests ?? []).length > 0 && spec.serviceAccountTokenInSecrets === undefined

export const csiDriversRegistration: ResourceRegistration = {
  place: 'storage/v1',
  plural: 'csidrivers',
  strategy: strategy<CSIDriver>({
    returnsDeletedObject: true,
    allowUnconditionalUpdate: false,
    prepareForCreate: (draft) => dropDisabled(draft, undefined),
    prepareForUpdate(draft, old) {
      dropDisabled(draft, old)
      raiseGenerationWithSpec(draft, old)
    },
    validate: validateCSIDriver,
    validateUpdate: validateCSIDriverUpdate,
    warningsOnCreate: (driver) => (leaksTokens(driver) ? [secretsRecommended] : []),
    warningsOnUpdate: (driver, old) =>
      leaksTokens(driver) && !semanticEqual(driver.spec.tokenRequests, old.spec.tokenRequests)
        ? [secretsRecommended]
        : [],
  }),
  defaults: defaults<CSIDriver>(({ spec }) => {
    spec.attachRequired ??= true
    spec.podInfoOnMount ??= false
    spec.storageCapacity ??= false
    spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType'
    if ((spec.volumeLifecycleModes ?? []).length === 0) spec.volumeLifecycleModes = ['Persistent']
    spec.requiresRepublish ??= false
    spec.seLinuxMount ??= false
  }),
  columns: tableColumns<CSIDriver>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'AttachRequired', type: 'boolean' },
      { name: 'PodInfoOnMount', type: 'boolean' },
      { name: 'StorageCapacity', type: 'boolean' },
      { name: 'TokenRequests', type: 'string' },
      { name: 'RequiresRepublish', type: 'boolean' },
      { name: 'Modes', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (driver, now) => {
      const { spec, metadata } = driver
      return {
        cells: [
          metadata.name ?? '',
          spec.attachRequired ?? true,
          spec.podInfoOnMount ?? false,
          spec.storageCapacity ?? false,
          spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? '<unset>',
          spec.requiresRepublish ?? false,
          (spec.volumeLifecycleModes ?? []).join(',') || '<none>',
          ageOf(driver, now),
        ],
      }
    },
  ),
}

/** Limits of volumes can't keep pods from nodes: the feature is off. */
function dropDisabled({ spec }: Draft<CSIDriver>, old: CSIDriver | undefined): void {
  if (old?.spec.preventPodSchedulingIfMissing === undefined) delete spec.preventPodSchedulingIfMissing
}
