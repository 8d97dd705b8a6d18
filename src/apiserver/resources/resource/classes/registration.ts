import type { DeviceClass, DeviceClassSpec } from '#api/resource/v1'
import { semanticEqual } from '#base'
import { invalidValue, isDNS1123Subdomain, Path } from '#machinery'
import type { FieldError } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { raiseGenerationWithSpec, startGeneration } from '../../common/generation.ts'
import { isExtended } from '../../core/resource-names.ts'
import { validateConfiguration, validateSelectors } from '../configuration.ts'
import { validateList } from '../lists.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const maxConfigurations = 32

export const deviceClassesRegistration: ResourceRegistration = {
  place: 'resource/v1',
  plural: 'deviceclasses',
  strategy: strategy<DeviceClass>({
    returnsDeletedObject: true,
    prepareForCreate: startGeneration,
    prepareForUpdate: raiseGenerationWithSpec,
    validate: (deviceClass) => validate(deviceClass, undefined),
    validateUpdate: (deviceClass, old) => [
      ...validateMeta(deviceClass),
      ...validateObjectMetaUpdate(deviceClass.metadata, old.metadata, metadata),
      ...validateSpec(deviceClass.spec, old.spec),
    ],
  }),
  columns: tableColumns<DeviceClass>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Age', type: 'string' },
    ],
    (deviceClass, now) => ({ cells: [deviceClass.metadata.name ?? '', ageOf(deviceClass, now)] }),
  ),
}

const validateMeta = (deviceClass: DeviceClass): readonly FieldError[] =>
  validateObjectMeta(deviceClass.metadata, { namespaced: false, name: nameProblems }, metadata)

/** Names are judged whole, never by the prefix they are generated from, and measured in bytes. */
const nameProblems = (name: string, prefix: boolean): readonly string[] =>
  prefix ? [] : isDNS1123Subdomain(name).map((why) => why.replace(/(?<=than \d+ )characters/, 'bytes'))

function validate(deviceClass: DeviceClass, old: DeviceClassSpec | undefined): readonly FieldError[] {
  return [...validateMeta(deviceClass), ...validateSpec(deviceClass.spec, old)]
}

function validateSpec(wanted: DeviceClassSpec, old: DeviceClassSpec | undefined): readonly FieldError[] {
  const { selectors, config, extendedResourceName: extended } = wanted
  const stored = old !== undefined && semanticEqual(config ?? [], old.config ?? [])
  const errors = [
    ...validateSelectors(selectors, spec.child('selectors')),
    ...validateList(
      config,
      maxConfigurations,
      (one, at) => validateConfiguration(one, stored, at),
      spec.child('config'),
    ),
  ]
  if (extended === undefined || isExtended(extended)) return errors
  return [
    ...errors,
    invalidValue(spec.child('extendedResourceName'), extended, 'must be a valid extended resource name'),
  ]
}
