import { messageOf } from '#base'
import { encodeText } from '#machinery'
import type { Pod, VolumeProjection } from '#api/core/v1'
import { allContainers, specOf, uidOf } from '../../pods/containers.ts'
import { configMapPayload, downwardPayload, secretPayload, unlessMissing, type Payload } from '../payload.ts'
import type { VolumePlugin, VolumeRequest } from '../plugin.ts'

const tokenSeconds = 3600

/** Several sources in one folder: config maps, secrets, fields of the pod, tokens, trust anchors. */
export const projectedPlugin: VolumePlugin = {
  name: 'kubernetes.io/projected',
  follows: true,
  supports: ({ projected }) => projected !== undefined,
  async setUp(request) {
    const { pod, volume, files, ownership } = request
    const { sources, defaultMode = 0o644 } = volume.projected ?? {}
    const parts = await Promise.allSettled((sources ?? []).map((source) => project(request, source, defaultMode)))
    const failures: string[] = []
    const payload: Payload = new Map()
    let refreshAt: number | undefined
    for (const part of parts) {
      if (part.status === 'rejected') {
        failures.push(messageOf(part.reason))
        continue
      }
      for (const [path, file] of part.value.payload) payload.set(path, file)
      if (part.value.refreshAt !== undefined) refreshAt = Math.min(refreshAt ?? Infinity, part.value.refreshAt)
    }
    if (failures.length > 0) throw new Error(aggregated(failures))
    const folder = await files.memoryFolder(uidOf(pod), volume.name)
    await files.writeAtomic(folder, payload, ownership(true))
    return {
      path: folder,
      readOnly: true,
      selinuxRelabel: true,
      counts: 'memory',
      ...(refreshAt === undefined ? {} : { refreshAt }),
    }
  },
}

/** How several errors are told as one. */
function aggregated(messages: readonly string[]): string {
  const different = [...new Set(messages)]
  return different.length === 1 ? (different[0] ?? '') : `[${different.join(', ')}]`
}

interface Part {
  readonly payload: Payload
  readonly refreshAt?: number
}

async function project(request: VolumeRequest, source: VolumeProjection, defaultMode: number): Promise<Part> {
  const { pod, sources, allocatable } = request
  const namespace = pod.metadata.namespace ?? ''
  if (source.secret) {
    const { name = '', items = [], optional = false } = source.secret
    const secret = await unlessMissing(sources.secret(namespace, name), optional)
    return { payload: secretPayload(secret, items, defaultMode, optional) }
  }
  if (source.configMap) {
    const { name = '', items = [], optional = false } = source.configMap
    const configMap = await unlessMissing(sources.configMap(namespace, name), optional)
    return { payload: configMapPayload(configMap, items, defaultMode, optional) }
  }
  if (source.downwardAPI) {
    return { payload: downwardPayload(pod, source.downwardAPI.items ?? [], defaultMode, allocatable) }
  }
  if (source.serviceAccountToken) {
    const { audience = '', expirationSeconds = tokenSeconds, path } = source.serviceAccountToken
    const { token, refreshAt } = await sources.serviceAccountToken(pod, { audience, expirationSeconds })
    return { payload: new Map([[path, ownFile(pod, token, defaultMode)]]), refreshAt }
  }
  if (source.clusterTrustBundle) {
    const anchors = await sources.trustAnchors(source.clusterTrustBundle)
    return { payload: new Map([[source.clusterTrustBundle.path, ownFile(pod, anchors, defaultMode)]]) }
  }
  return { payload: new Map() }
}

/** A file for the pod's user alone, where there is one user (or a group) to give it to. */
function ownFile(pod: Pod, text: string, defaultMode: number): { content: Uint8Array; mode: number; uid?: number } {
  const uid = onlyUser(pod)
  const isOwned = uid !== undefined || specOf(pod).securityContext?.fsGroup !== undefined
  return {
    content: encodeText(text),
    mode: isOwned ? 0o600 : defaultMode,
    ...(uid === undefined ? {} : { uid }),
  }
}

/** The user that all containers run as, where the pod says so and it is one. */
function onlyUser(pod: Pod): number | undefined {
  const users = new Set(
    allContainers(pod).map(
      ({ securityContext }) => securityContext?.runAsUser ?? specOf(pod).securityContext?.runAsUser,
    ),
  )
  const [user] = users
  return users.size === 1 ? user : undefined
}
