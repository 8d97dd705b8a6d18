import type { ServiceAccountSubject, Subject } from '#api/flowcontrol/v1'
import { fieldForbidden, invalidValue, nameIsDNSLabel, nameIsDNSSubdomain, notSupported, required } from '#machinery'
import type { FieldError, Path } from '#machinery'

const kinds = ['Group', 'ServiceAccount', 'User']

/** Fields of subjects in the order in which errors speak of them, with the kind that each belongs to. */
const fields = [
  ['serviceAccount', 'ServiceAccount'],
  ['user', 'User'],
  ['group', 'Group'],
] as const

/** Whom a rule is about: by its kind, one of three fields. */
export function validateSubject(subject: Subject, at: Path): FieldError[] {
  const own = fields.find(([, kind]) => kind === subject.kind)
  if (!own) return [notSupported(at.child('kind'), subject.kind, kinds)]
  const [name] = own
  const errors = name === 'serviceAccount' ? validateAccount(subject.serviceAccount, at.child(name)) : []
  if (name !== 'serviceAccount') errors.push(...validateNamed(subject[name], name, subject.kind, at.child(name)))
  for (const [field, kind] of fields) {
    if (field !== name && subject[field])
      errors.push(fieldForbidden(at.child(field), `${field} is forbidden when subject kind is not '${kind}'`))
  }
  return errors
}

function validateNamed(
  named: { readonly name: string } | undefined,
  field: string,
  kind: string,
  at: Path,
): readonly FieldError[] {
  if (!named) return [required(at, `${field} is required when subject kind is '${kind}'`)]
  return named.name === '' ? [required(at.child('name'))] : []
}

function validateAccount(account: ServiceAccountSubject | undefined, at: Path): FieldError[] {
  if (!account) return [required(at, "serviceAccount is required when subject kind is 'ServiceAccount'")]
  const { name, namespace } = account
  const errors: FieldError[] = []
  if (name === '') errors.push(required(at.child('name')))
  else if (name !== '*')
    for (const problem of nameIsDNSSubdomain(name, false)) errors.push(invalidValue(at.child('name'), name, problem))
  if (namespace === '')
    return [...errors, required(at.child('namespace'), 'must specify namespace for service account')]
  const problems = nameIsDNSLabel(namespace, false)
  return [...errors, ...problems.map((problem) => invalidValue(at.child('namespace'), namespace, problem))]
}
