import type { Container, Pod } from '#api/core/v1'
import { specOf, uidOf } from '../pods/containers.ts'
import { podLabels } from '../sandbox/config.ts'
import type { StringMap } from '../runtime/records.ts'
import { containerHash } from './hash.ts'

/** Annotations in which a container carries what must be known of it when its pod is forgotten. */
export const noted = {
  hash: 'io.kubernetes.container.hash',
  restartCount: 'io.kubernetes.container.restartCount',
  terminationMessagePath: 'io.kubernetes.container.terminationMessagePath',
  terminationMessagePolicy: 'io.kubernetes.container.terminationMessagePolicy',
  preStop: 'io.kubernetes.container.preStopHandler',
  ports: 'io.kubernetes.container.ports',
  deletionGracePeriod: 'io.kubernetes.pod.deletionGracePeriod',
  terminationGracePeriod: 'io.kubernetes.pod.terminationGracePeriod',
} as const

export function containerLabels(pod: Pod, container: Container): StringMap {
  const { name = '', namespace = '' } = pod.metadata
  return {
    [podLabels.podName]: name,
    [podLabels.podNamespace]: namespace,
    [podLabels.podUid]: uidOf(pod),
    [podLabels.containerName]: container.name,
  }
}

export function containerAnnotations(pod: Pod, container: Container, restartCount: number): StringMap {
  const { deletionGracePeriodSeconds } = pod.metadata
  const { terminationGracePeriodSeconds } = specOf(pod)
  const { lifecycle, ports = [] } = container
  return {
    [noted.hash]: containerHash(container),
    [noted.restartCount]: String(restartCount),
    [noted.terminationMessagePath]: container.terminationMessagePath ?? '',
    [noted.terminationMessagePolicy]: container.terminationMessagePolicy ?? '',
    ...(deletionGracePeriodSeconds === undefined
      ? {}
      : { [noted.deletionGracePeriod]: String(deletionGracePeriodSeconds) }),
    ...(terminationGracePeriodSeconds === undefined
      ? {}
      : { [noted.terminationGracePeriod]: String(terminationGracePeriodSeconds) }),
    ...(lifecycle?.preStop ? { [noted.preStop]: JSON.stringify(lifecycle.preStop) } : {}),
    ...(ports.length > 0 ? { [noted.ports]: JSON.stringify(ports) } : {}),
  }
}

/** As much of a pod and one of its containers as the container's notes tell: enough to end it properly. */
export function rememberedPod(
  labels: StringMap,
  annotations: StringMap,
): { readonly pod: Pod; readonly container: Container } {
  const preStop = annotations[noted.preStop]
  const container: Container = {
    name: labels[podLabels.containerName] ?? '',
    terminationMessagePath: annotations[noted.terminationMessagePath] ?? '',
    ...(preStop === undefined ? {} : { lifecycle: { preStop: JSON.parse(preStop) as object } }),
  }
  const deletionGrace = annotations[noted.deletionGracePeriod]
  const terminationGrace = annotations[noted.terminationGracePeriod]
  const pod: Pod = {
    metadata: {
      name: labels[podLabels.podName] ?? '',
      namespace: labels[podLabels.podNamespace] ?? '',
      uid: labels[podLabels.podUid] ?? '',
      ...(deletionGrace === undefined ? {} : { deletionGracePeriodSeconds: Number(deletionGrace) }),
    },
    spec: {
      containers: [container],
      ...(terminationGrace === undefined ? {} : { terminationGracePeriodSeconds: Number(terminationGrace) }),
    },
  }
  return { pod, container }
}
