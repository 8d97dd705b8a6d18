import type { Pod } from '#api/core/v1'
import { microTimeOfMillis } from '#machinery'
import { isMirrorPod, seenAnnotation, sourceAnnotation, uidOf } from './containers.ts'

/**
 * Pods of the API as the node holds them: with annotations, which no API has, that say where a pod is from and when the node
 * first saw it. What whoever made the pod wrote there does not count: it would make a pod of the node's own of it.
 */
export class ApiPods {
  readonly #seen = new Map<string, string>()

  /** @param now milliseconds since 1970. */
  local(pod: Pod, now: number): Pod {
    if (isMirrorPod(pod)) return pod
    const uid = uidOf(pod)
    const seen = this.#seen.get(uid) ?? microTimeOfMillis(now)
    this.#seen.set(uid, seen)
    const annotations = { ...pod.metadata.annotations, [sourceAnnotation]: 'api', [seenAnnotation]: seen }
    return { ...pod, metadata: { ...pod.metadata, annotations } }
  }

  forget(pod: Pod): void {
    this.#seen.delete(uidOf(pod))
  }
}
