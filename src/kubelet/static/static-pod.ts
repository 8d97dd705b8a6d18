import { groupVersions, linkTypes } from '#api'
import type { Draft, StructType } from '#api'
import type { Pod, Toleration } from '#api/core/v1'
import { deepEqual } from '#base'
import { seenAnnotation, sourceAnnotation } from '../pods/containers.ts'
import {
  applyDefaults,
  defaultPod,
  errorBody,
  normalize,
  Path,
  required,
  sha256Hex,
  timeOfMillis,
  usedApiObjects,
} from '#machinery'
import type { FieldError } from '#machinery'

export const hashAnnotation = 'kubernetes.io/config.hash'

/** Says what is wrong with a pod by the rules of the API. */
export type ValidatePod = (pod: Pod) => Promise<readonly FieldError[]>

/** What nobody can do without, for agents whose pods need not fit the API. */
export const containersNeeded: ValidatePod = async ({ spec }) =>
  (spec.containers ?? []).length > 0 ? [] : [required(Path.of('spec', 'containers'))]

/** Where a manifest is from, as the annotation of its pod says it. */
export type ManifestSource = 'file' | 'http'

export interface StaticPodOptions {
  readonly source: ManifestSource
  /** Path of the file, or the URL. */
  readonly place: string
  readonly nodeName: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly validate: ValidatePod
}

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

/** Nothing that ails the node ends the pod of a file. */
const toleratesAll: Toleration = { operator: 'Exists', effect: 'NoExecute' }

const tolerationsOf = ({ spec: { tolerations = [] } }: Pod): readonly Toleration[] => [
  ...tolerations.filter((toleration) => !deepEqual(toleration, toleratesAll)),
  toleratesAll,
]

/**
 * The pod that a manifest on the node asks for: named after the node, with an identity that follows from its content where
 * the manifest gives none, and one that the API would take.
 *
 * @throws Error with what is wrong.
 */
export async function staticPod(object: unknown, options: StaticPodOptions): Promise<Pod> {
  const pod = complete(decode(object), options)
  const errors = await options.validate(pod)
  if (errors.length > 0)
    throw new Error(`invalid pod: [${errors.map((error) => `${error.field}: ${errorBody(error)}`).join(' ')}]`)
  const used = usedApiObjects(pod)
  if (used !== undefined) throw new Error(`static pods may not reference ${used}`)
  return pod
}

function decode(object: unknown): Pod {
  const { kind, apiVersion } = (object ?? {}) as { readonly kind?: unknown; readonly apiVersion?: unknown }
  if (kind !== 'Pod' || apiVersion !== 'v1') {
    throw new Error(`it holds ${String(apiVersion)} ${String(kind)}, want v1 Pod`)
  }
  // Fields of later releases are no reason not to run what keeps a node going.
  const { value } = normalize(typeOfPod(), object)
  const pod = withDefaults(value as Pod)
  if ((pod.metadata.name ?? '') === '') throw new Error('invalid pod: name is needed for the pod')
  return pod
}

function complete(read: Pod, { source, place, nodeName, now }: StaticPodOptions): Pod {
  const { name = '', annotations = {} } = read.metadata
  const namespace = read.metadata.namespace || 'default'
  // What many nodes read from one URL is named alike on all of them.
  const origin = source === 'file' ? [nodeName, place] : ['url', place]
  const uid = read.metadata.uid || sha256Hex(JSON.stringify([...origin, read])).slice(0, 32)
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
        [sourceAnnotation]: source,
        [seenAnnotation]: timeOfMillis(now),
      },
    },
    spec: {
      ...read.spec,
      nodeName,
      ...(source === 'file' && { tolerations: tolerationsOf(read) }),
    },
    status: { phase: 'Pending' },
  }
}
