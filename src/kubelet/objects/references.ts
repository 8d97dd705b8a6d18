import type { Pod } from '#api/core/v1'
import { allContainers, specOf } from '../pods/containers.ts'

export interface ObjectName {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly namespace: string
  readonly name: string
}

/** Config maps and secrets that a pod names anywhere. */
export function referencesOf(pod: Pod): ObjectName[] {
  const namespace = pod.metadata.namespace ?? ''
  const found = new Map<string, ObjectName>()
  const add = (kind: ObjectName['kind'], name: string | undefined): void => {
    if (name !== undefined && name !== '') found.set(`${kind}/${name}`, { kind, namespace, name })
  }
  for (const { name } of specOf(pod).imagePullSecrets ?? []) add('Secret', name)
  for (const { env = [], envFrom = [] } of allContainers(pod)) {
    for (const { configMapRef, secretRef } of envFrom) {
      add('ConfigMap', configMapRef?.name)
      add('Secret', secretRef?.name)
    }
    for (const { valueFrom } of env) {
      add('ConfigMap', valueFrom?.configMapKeyRef?.name)
      add('Secret', valueFrom?.secretKeyRef?.name)
    }
  }
  for (const { configMap, secret, projected } of specOf(pod).volumes ?? []) {
    add('ConfigMap', configMap?.name)
    add('Secret', secret?.secretName)
    for (const source of projected?.sources ?? []) {
      add('ConfigMap', source.configMap?.name)
      add('Secret', source.secret?.name)
    }
  }
  return [...found.values()]
}
