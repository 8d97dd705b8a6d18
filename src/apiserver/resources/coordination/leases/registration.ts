import type { Draft } from '#api'
import type { Lease, LeaseSpec } from '#api/coordination/v1'
import {
  fieldForbidden,
  invalidValue,
  isQualifiedName,
  nameIsDNSSubdomain,
  notSupported,
  Path,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '#machinery'
import type { FieldError } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { notNegative } from '../../common/values.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')

export const leasesRegistration: ResourceRegistration = {
  place: 'coordination/v1',
  plural: 'leases',
  strategy: strategy<Lease>({
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
    prepareForCreate: (draft) => dropElectionFields(draft, undefined),
    prepareForUpdate: dropElectionFields,
    validate: (lease) => [
      ...validateObjectMeta(lease.metadata, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
      ...validateSpec(lease.spec ?? {}),
    ],
    validateUpdate: (lease, old) => [
      ...validateObjectMetaUpdate(lease.metadata, old.metadata, metadata),
      ...validateSpec(lease.spec ?? {}),
    ],
  }),
  columns: tableColumns<Lease>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Holder', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    (lease, now) => ({ cells: [lease.metadata.name ?? '', lease.spec?.holderIdentity ?? '', ageOf(lease, now)] }),
  ),
}

/** Elections by the server are off. */
function dropElectionFields({ spec: wanted }: Draft<Lease>, old: Lease | undefined): void {
  if (!wanted) return
  if (old?.spec?.strategy === undefined) delete wanted.strategy
  if (old?.spec?.preferredHolder === undefined) delete wanted.preferredHolder
}

function validateSpec(wanted: LeaseSpec): readonly FieldError[] {
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = wanted
  const errors: FieldError[] = []
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0)
    errors.push(invalidValue(spec.child('leaseDurationSeconds'), leaseDurationSeconds, 'must be greater than 0'))
  if (leaseTransitions !== undefined && leaseTransitions < 0)
    errors.push(invalidValue(spec.child('leaseTransitions'), leaseTransitions, notNegative))
  if (strategy !== undefined) errors.push(...validateStrategy(strategy, spec.child('strategy', 'strategy')))
  if (preferredHolder && !strategy)
    errors.push(fieldForbidden(spec.child('preferredHolder'), 'may only be specified if `strategy` is defined'))
  return errors
}

const strategies = ['OldestEmulationVersion']

function validateStrategy(strategy: string, at: Path): readonly FieldError[] {
  if (strategy.includes('/')) return isQualifiedName(strategy).map((problem) => invalidValue(at, strategy, problem))
  return strategies.includes(strategy) ? [] : [notSupported(at, strategy, strategies)]
}
