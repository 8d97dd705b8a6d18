import type { Draft } from '#api'
import { forbidden, nameIsPathSegment, quote } from '#machinery'
import type { KubeObject, StatusError } from '#machinery'
import type { AdmissionAttributes } from './admission.ts'

/** A refusal by admission: Forbidden, with the reason. An object whose name is not generated yet goes by what it will begin with. */
export function refused(attributes: AdmissionAttributes, why: string): StatusError {
  const { endpoint, name, object } = attributes
  const called = name || object?.metadata.name || object?.metadata.generateName || 'Unknown'
  return forbidden({ group: endpoint.group, resource: endpoint.plural }, called, why)
}

/** What a look-up by a name says that no object can have; `undefined` for other names. */
export function unknownName(name: string): string | undefined {
  if (name === '') return 'resource name may not be empty'
  const problems = nameIsPathSegment(name, false)
  return problems.length === 0 ? undefined : `invalid resource name ${quote(name)}: [${problems.join(' ')}]`
}

/** Whether the operation is on this resource itself, or on the given subresource of it. */
export function isAbout(
  { endpoint, subresource }: AdmissionAttributes,
  group: string,
  plural: string,
  wanted = '',
): boolean {
  return endpoint.plural === plural && subresource === wanted && endpoint.group === group
}

/** The draft of an operation on a resource, as what it is. */
export function draftOf<T extends KubeObject>({ object }: AdmissionAttributes): Draft<T> {
  return object as Draft<T>
}

/** What is there before the operation, as what it is. */
export function oldOf<T extends KubeObject>({ oldObject }: AdmissionAttributes): T | undefined {
  return oldObject as T | undefined
}
