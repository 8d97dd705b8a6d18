import type { Namespace } from '#api/core/v1'
import type { CelValue, KubeObject } from '#machinery'
import { plainValueOf } from '../../../customresources/cel/plain-values.ts'
import { newUid } from '../../../registry/metadata.ts'
import type { Endpoint } from '../../../resource/resource.ts'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes } from '../../admission.ts'
import type { Rights } from '../../rights.ts'
import { valuesOf } from '../webhooks/conditions.ts'
import { reviewOf, versioned } from '../webhooks/review.ts'

/** What expressions see of the request, once for every version in which policies look at it. */
export type RequestValues = (endpoint: Endpoint) => Promise<ReadonlyMap<string, CelValue>>

export function requestValues(
  attributes: AdmissionAttributes,
  { clock, peek }: Services,
  rights: Rights,
): RequestValues {
  const known = new Map<Endpoint, Promise<ReadonlyMap<string, CelValue>>>()
  const make = async (endpoint: Endpoint): Promise<ReadonlyMap<string, CelValue>> => {
    const objects = await versioned(attributes, endpoint)
    const review = reviewOf(['v1'], newUid(clock), endpoint, objects, attributes)
    const namespace = peek<Namespace>('', 'namespaces', '', attributes.namespace)
    return new Map([...valuesOf(review), ...rights.values]).set('namespaceObject', valueOf(namespace))
  }
  return async (endpoint) => {
    const values = known.get(endpoint) ?? make(endpoint)
    known.set(endpoint, values)
    return values
  }
}

export const valueOf = (object: KubeObject | undefined): CelValue => (object ? plainValueOf(object) : null)
