import { groupVersions, linkTypes } from '#api'
import type { Draft, StructType } from '#api'
import type { Pod } from '#api/core/v1'
import { seenAnnotation, sourceAnnotation } from '../pods/containers.ts'
import { applyDefaults, defaultPod, normalize, sha256Hex, timeOfMillis, usedApiObjects } from '#machinery'

export const hashAnnotation = 'kubernetes.io/config.hash'

let podType: StructType | undefined

/** Static pods are rare: the types of the API are linked when the first one comes. */
function typeOfPod(): StructType {
  if (podType) return podType
  const found = linkTypes(groupVersions).get('core/v1.Pod')
  if (found?.kind !== 'struct') throw new Error('the API data has no type Pod')
  return (podType = found)
}

/** What the API would fill in: static pods are ours to complete. */
function withDefaults(pod: Pod): Pod {
  const completed = structuredClone(applyDefaults(typeOfPod(), pod)) as Draft<Pod>
  defaultPod(completed)
  return completed
}

/**
 * The pod that a manifest on the node asks for: named after the node, with an identity that follows from its content.
 *
 * @throws Error with what is wrong.
 */
export function staticPod(object: unknown, file: string, nodeName: string, now: number): Pod {
  const { kind, apiVersion } = (object ?? {}) as { readonly kind?: unknown; readonly apiVersion?: unknown }
  if (kind !== 'Pod' || apiVersion !== 'v1') {
    throw new Error(`it holds ${String(apiVersion)} ${String(kind)}, want v1 Pod`)
  }
  const { value, strictErrors } = normalize(typeOfPod(), object)
  if (strictErrors.length > 0) throw new Error(`strict decoding error: ${strictErrors.join(', ')}`)
  const read = withDefaults(value as Pod)
  const { name = '', namespace = 'default', annotations = {} } = read.metadata
  if (name === '') throw new Error('it has no name')
  if ((read.spec.containers ?? []).length === 0) throw new Error('it has no containers')
  const used = usedApiObjects(read)
  if (used !== undefined) throw new Error(`static pods may not reference ${used}`)
  const uid = sha256Hex(JSON.stringify([nodeName, file, read])).slice(0, 32)
  return {
    ...read,
    metadata: {
      ...read.metadata,
      name: `${name}-${nodeName.toLowerCase()}`,
      namespace,
      uid,
      annotations: {
        ...annotations,
        [hashAnnotation]: uid,
        [sourceAnnotation]: 'file',
        [seenAnnotation]: timeOfMillis(now),
      },
    },
    spec: {
      ...read.spec,
      nodeName,
      tolerations: [...(read.spec.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }],
    },
    status: { phase: 'Pending' },
  }
}
