import type { ResourceList } from '#machinery'
import type { ConfigMap, DownwardAPIVolumeFile, KeyToPath, Pod, Secret } from '#api/core/v1'
import { bytesOfBase64, encodeText, isNotFound } from '#machinery'
import { metadataField, resourceField } from '../containers/field-ref.ts'
import type { VolumeFile } from '../seams/volume-files.ts'

export type Payload = Map<string, VolumeFile>

/** Files of a config map. @throws Error when it has no such key. */
export function configMapPayload(
  configMap: ConfigMap | undefined,
  items: readonly KeyToPath[],
  defaultMode: number,
  optional: boolean,
): Payload {
  const content = (key: string): Uint8Array | undefined => {
    const text = configMap?.data?.[key]
    if (text !== undefined) return encodeText(text)
    const binary = configMap?.binaryData?.[key]
    return binary === undefined ? undefined : bytesOfBase64(binary)
  }
  const keys = [...Object.keys(configMap?.data ?? {}), ...Object.keys(configMap?.binaryData ?? {})]
  return payloadOf(keys, content, items, defaultMode, optional, 'configmap references non-existent config key')
}

/** Files of a secret. @throws Error when it has no such key. */
export function secretPayload(
  secret: Secret | undefined,
  items: readonly KeyToPath[],
  defaultMode: number,
  optional: boolean,
): Payload {
  const content = (key: string): Uint8Array | undefined => {
    const data = secret?.data?.[key]
    return data === undefined ? undefined : bytesOfBase64(data)
  }
  const keys = Object.keys(secret?.data ?? {})
  return payloadOf(keys, content, items, defaultMode, optional, 'references non-existent secret key')
}

function payloadOf(
  keys: readonly string[],
  content: (key: string) => Uint8Array | undefined,
  items: readonly KeyToPath[],
  defaultMode: number,
  optional: boolean,
  missing: string,
): Payload {
  const payload: Payload = new Map()
  const wanted = items.length > 0 ? items : keys.map((key) => ({ key, path: key }) satisfies KeyToPath)
  for (const { key, path, mode = defaultMode } of wanted as readonly KeyToPath[]) {
    const bytes = content(key)
    if (bytes) payload.set(path, { content: bytes, mode })
    else if (!optional) throw new Error(`${missing}: ${key}`)
  }
  return payload
}

/** Files with fields of the pod. @throws Error with the message users see. */
export function downwardPayload(
  pod: Pod,
  items: readonly DownwardAPIVolumeFile[],
  defaultMode: number,
  allocatable: ResourceList,
): Payload {
  const payload: Payload = new Map()
  for (const { path, mode = defaultMode, fieldRef, resourceFieldRef } of items) {
    const text = fieldRef
      ? metadataField(pod, fieldRef.fieldPath)
      : resourceFieldRef
        ? resourceField(pod, undefined, resourceFieldRef, allocatable)
        : ''
    payload.set(path, { content: encodeText(text), mode })
  }
  return payload
}

/** What is read, or `undefined` where it may be missing and is. */
export async function unlessMissing<T>(reading: Promise<T>, optional: boolean): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (optional && isNotFound(error)) return undefined
    throw error
  }
}
