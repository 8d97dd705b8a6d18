import type {
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionNames,
} from '#api/apiextensions/v1'
import { deepEqual } from '#base'
import { quote } from '#machinery'
import { findCondition, setCondition } from '../resources/apiextensions/customresourcedefinitions/conditions.ts'
import { hasInvalidBundle } from '../resources/apiextensions/customresourcedefinitions/validation/conversion.ts'

type Status = NonNullable<CustomResourceDefinition['status']>

/**
 * The status of a definition after its names were held against those that others of its group have; `undefined` when it
 * says all that already. `now` is milliseconds since 1970.
 */
export function acceptNames(
  crd: CustomResourceDefinition,
  others: Iterable<CustomResourceDefinition>,
  now: number,
): Status | undefined {
  const { names } = crd.spec
  const accepted = crd.status?.acceptedNames ?? { plural: '', kind: '' }
  const established = findCondition(crd, 'Established')
  if (deepEqual(names, accepted) && established?.status === 'True') return undefined
  const { conflict, next } = compareNames(names, accepted, takenNames(others))
  let conditions = setCondition(
    crd.status?.conditions ?? [],
    conflict ?? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
    now,
  )
  if (established?.status !== 'True') {
    const condition = conflict ? (established ?? notAccepted) : establishedNow(crd)
    conditions = setCondition(conditions, condition, now)
  }
  if (deepEqual(next, accepted) && deepEqual(conditions, crd.status?.conditions ?? [])) return undefined
  return { ...crd.status, acceptedNames: next, conditions }
}

const notAccepted: CustomResourceDefinitionCondition = {
  type: 'Established',
  status: 'False',
  reason: 'NotAccepted',
  message: 'not all names are accepted',
}

/** Objects that can't be converted are not served: the webhook's certificates must be readable first. */
function establishedNow({ spec }: CustomResourceDefinition): CustomResourceDefinitionCondition {
  if (hasInvalidBundle(spec.conversion?.webhook?.clientConfig ?? {})) {
    return {
      type: 'Established',
      status: 'False',
      reason: 'InvalidCABundle',
      message: 'The conversion webhook CABundle is invalid',
    }
  }
  return {
    type: 'Established',
    status: 'True',
    reason: 'InitialNamesAccepted',
    message: 'the initial names have been accepted',
  }
}

interface Taken {
  readonly resources: ReadonlySet<string>
  readonly kinds: ReadonlySet<string>
}

function takenNames(others: Iterable<CustomResourceDefinition>): Taken {
  const resources = new Set<string>()
  const kinds = new Set<string>()
  for (const { status } of others) {
    const {
      plural,
      singular = '',
      shortNames = [],
      kind,
      listKind = '',
    } = status?.acceptedNames ?? { plural: '', kind: '' }
    for (const name of [plural, singular, ...shortNames]) if (name !== '') resources.add(name)
    for (const name of [kind, listKind]) if (name !== '') kinds.add(name)
  }
  return { resources, kinds }
}

function compareNames(
  names: CustomResourceDefinitionNames,
  accepted: CustomResourceDefinitionNames,
  taken: Taken,
): { readonly conflict: CustomResourceDefinitionCondition | undefined; readonly next: CustomResourceDefinitionNames } {
  let conflict: CustomResourceDefinitionCondition | undefined
  const refuse = (reason: string, message: string): void => {
    conflict = { type: 'NamesAccepted', status: 'False', reason, message }
  }
  const pick = (wanted: string, own: string, used: ReadonlySet<string>, reason: string): string => {
    if (wanted === own || !used.has(wanted)) return wanted
    refuse(reason, `${quote(wanted)} is already in use`)
    return own
  }
  const plural = pick(names.plural, accepted.plural, taken.resources, 'PluralConflict')
  const singular = pick(names.singular ?? '', accepted.singular ?? '', taken.resources, 'SingularConflict')
  let { shortNames } = names
  const clashes = (shortNames ?? []).filter((name) => !accepted.shortNames?.includes(name) && taken.resources.has(name))
  if (clashes.length > 0) {
    const texts = [...new Set(clashes.map((name) => `${quote(name)} is already in use`))]
    refuse('ShortNamesConflict', texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`)
    ;({ shortNames } = accepted)
  }
  const kind = pick(names.kind, accepted.kind, taken.kinds, 'KindConflict')
  const listKind = pick(names.listKind ?? '', accepted.listKind ?? '', taken.kinds, 'ListKindConflict')
  const { categories } = names
  const next: CustomResourceDefinitionNames = {
    plural,
    ...(singular === '' ? {} : { singular }),
    ...(shortNames ? { shortNames } : {}),
    kind,
    ...(listKind === '' ? {} : { listKind }),
    ...(categories ? { categories } : {}),
  }
  return { conflict, next }
}
