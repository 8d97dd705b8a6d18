import type { Draft } from '#api'
import type { KubeObject } from '#machinery'
import type { Endpoint } from '../resource/resource.ts'
import { scaleType } from '../resource/scale-type.ts'
import type { AdmissionAttributes } from './admission.ts'

/** Type of the object that admission sees at an endpoint: that of the subresource for scales and those that make something. */
export function typeAt(endpoint: Endpoint, { subresource }: AdmissionAttributes): Endpoint['type'] {
  const of = endpoint.subresources.get(subresource)
  if (of?.backing === 'scale') return scaleType()
  return of?.backing === 'create' ? of.type : endpoint.type
}

/** What somebody outside made of an object, as admission goes on with it: defaulted, and as it is stored. */
export async function settled(
  next: Draft<KubeObject>,
  endpoint: Endpoint,
  attributes: AdmissionAttributes,
): Promise<Draft<KubeObject>> {
  const draft = typeAt(endpoint, attributes).applyDefaults(next)
  const { backing } = endpoint
  const of = endpoint.subresources.get(attributes.subresource)
  if (backing.kind !== 'stored' || (of !== undefined && of.backing !== 'update')) return draft
  if (backing.prepare) await backing.prepare([draft], 'storage')
  return backing.toStorage(draft)
}

/** Puts another object in the place of a draft, which others hold. */
export function replaceDraft(draft: Draft<KubeObject>, next: Draft<KubeObject>): void {
  for (const key of Object.keys(draft)) delete (draft as { [key: string]: unknown })[key]
  Object.assign(draft, next)
}
