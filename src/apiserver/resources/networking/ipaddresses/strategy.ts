import type { IPAddress } from '#api/networking/v1'
import { semanticEqual } from '#base'
import { invalidValue, isDNS1123Subdomain, isPathSegmentName, isValidIP, Path, required } from '#machinery'
import type { FieldError, NameCheck, Problems } from '#machinery'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy } from '../../../resource/strategy.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const parentPath = Path.of('spec', 'parentRef')

/** The name is the address, in its one canonical spelling. */
const nameIsAddress: NameCheck = (name) => isValidIP(metadata.child('name'), name).map(({ detail }) => detail)

export const ipAddressStrategy: Strategy = strategy<IPAddress>({
  completesNames: false,
  validate,
  validateUpdate(address, old) {
    const parent = address.spec?.parentRef
    const moved = !semanticEqual(parent, old.spec?.parentRef)
    return [
      ...validate(address),
      ...validateObjectMetaUpdate(address.metadata, old.metadata, metadata),
      ...(moved ? [invalidValue(parentPath, shownParent(parent), 'field is immutable')] : []),
    ]
  },
})

function validate({ metadata: meta, spec }: IPAddress): readonly FieldError[] {
  return [
    ...validateObjectMeta(meta, { namespaced: false, name: nameIsAddress }, metadata),
    ...validateParent(spec?.parentRef),
  ]
}

type Parent = NonNullable<NonNullable<IPAddress['spec']>['parentRef']>

function validateParent(parent: Parent | undefined): readonly FieldError[] {
  if (!parent) return [required(parentPath)]
  const { group = '', resource = '', namespace = '', name = '' } = parent as Partial<Parent>
  const each = (field: string, value: string, problems: Problems): readonly FieldError[] =>
    problems.map((problem) => invalidValue(parentPath.child(field), value, problem))
  const needed = (field: string, value: string): readonly FieldError[] =>
    value === '' ? [required(parentPath.child(field))] : each(field, value, isPathSegmentName(value))
  return [
    ...(group === '' ? [] : each('group', group, isDNS1123Subdomain(group))),
    ...needed('resource', resource),
    ...needed('name', name),
    ...(namespace === '' ? [] : each('namespace', namespace, isPathSegmentName(namespace))),
  ]
}

/** A reference as messages print it. */
function shownParent(parent: Parent | undefined): object | null {
  if (!parent) return null
  const { group = '', resource = '', namespace = '', name = '' } = parent as Partial<Parent>
  return { Group: group, Resource: resource, Namespace: namespace, Name: name }
}
