import { deepEqual } from '#base'
import type { Pod } from '#api/core/v1'
import { formatPod, seenAnnotation, uidOf } from '../pods/containers.ts'
import type { ManifestSource } from './static-pod.ts'

export interface StaticPodsOptions {
  /** A pod is to run, or to run otherwise than before. */
  readonly put: (pod: Pod) => void
  /** A pod is to end; resolves when nothing of it runs any more. */
  readonly remove: (pod: Pod) => Promise<void>
  /** A pod has ended. */
  readonly ended: () => void
  /** A pod can't be taken beside others. */
  readonly refused: (pod: Pod, message: string) => void
}

/** The pod that runs under a name. */
interface Holder {
  readonly pod: Pod
  readonly isEnding: boolean
}

/**
 * The pods that manifests of the node ask for, of all sources. One at a time runs under a name: others that want it wait
 * until it has ended.
 */
export class StaticPods {
  readonly #options: StaticPodsOptions
  /** By source, then by identity. */
  readonly #wanted = new Map<ManifestSource, ReadonlyMap<string, Pod>>()
  /** Pods that were refused because of another one of their source. */
  readonly #clashing = new Map<ManifestSource, ReadonlySet<string>>()
  /** By the names of pods. */
  readonly #holders = new Map<string, Holder>()

  constructor(options: StaticPodsOptions) {
    this.#options = options
  }

  /** Those that run, or are to, and are not ending. */
  pods(): readonly Pod[] {
    return [...this.#holders.values()].filter(({ isEnding }) => !isEnding).map(({ pod }) => pod)
  }

  /** Whether something of a pod of this name, as `namespace/name`, runs that is to end. */
  isEnding(name: string): boolean {
    return this.#holders.get(name)?.isEnding === true
  }

  /** A source has exactly these pods. */
  set(source: ManifestSource, pods: readonly Pod[]): void {
    const before = this.#wanted.get(source) ?? new Map<string, Pod>()
    const now = new Map<string, Pod>()
    for (const pod of this.#withoutClashes(source, pods)) {
      const known = before.get(uidOf(pod))
      now.set(uidOf(pod), known ? withSeenOf(known, pod) : pod)
    }
    this.#wanted.set(source, now)
    for (const [uid, pod] of before) {
      const next = now.get(uid)
      if (!next || nameOf(next) !== nameOf(pod)) this.#end(pod)
    }
    for (const [uid, pod] of now) {
      const known = before.get(uid)
      if (known && nameOf(known) === nameOf(pod)) this.#update(known, pod)
      else this.#begin(pod)
    }
  }

  /** Of pods with the same name, or the same identity, the first is taken. */
  #withoutClashes(source: ManifestSource, pods: readonly Pod[]): readonly Pod[] {
    const kept: Pod[] = []
    const clashing = new Set<string>()
    const taken = new Set<string>()
    for (const pod of pods) {
      const marks = [nameOf(pod), uidOf(pod)]
      const mark = marks.join(' ')
      if (!marks.some((each) => taken.has(each))) kept.push(pod)
      else {
        clashing.add(mark)
        if (this.#clashing.get(source)?.has(mark) !== true) this.#options.refused(pod, clashMessage(pod, source))
      }
      for (const each of marks) taken.add(each)
    }
    this.#clashing.set(source, clashing)
    return kept
  }

  /** A pod whose manifest says who it is stays the same one when it changes. */
  #update(before: Pod, pod: Pod): void {
    const holder = this.#holders.get(nameOf(pod))
    if (!holder || holder.isEnding || uidOf(holder.pod) !== uidOf(pod) || deepEqual(before, pod)) return
    this.#holders.set(nameOf(pod), { pod, isEnding: false })
    this.#options.put(pod)
  }

  #begin(pod: Pod): void {
    const name = nameOf(pod)
    if (this.#holders.has(name)) return
    this.#holders.set(name, { pod, isEnding: false })
    this.#options.put(pod)
  }

  #end(pod: Pod): void {
    const name = nameOf(pod)
    const holder = this.#holders.get(name)
    if (!holder || holder.isEnding || uidOf(holder.pod) !== uidOf(pod)) return
    this.#holders.set(name, { pod: holder.pod, isEnding: true })
    void this.#hasEnded(name, this.#options.remove(pod))
  }

  /** Who waits for the name gets it. */
  async #hasEnded(name: string, removed: Promise<void>): Promise<void> {
    await Promise.allSettled([removed])
    this.#holders.delete(name)
    for (const pods of this.#wanted.values()) {
      const next = [...pods.values()].find((pod) => nameOf(pod) === name)
      if (next) this.#begin(next)
    }
    this.#options.ended()
  }
}

const nameOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`

function withSeenOf({ metadata: { annotations = {} } }: Pod, pod: Pod): Pod {
  const seen = annotations[seenAnnotation]
  if (seen === undefined) return pod
  return { ...pod, metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, [seenAnnotation]: seen } } }
}

const clashMessage = (pod: Pod, source: ManifestSource): string =>
  `Error validating pod ${formatPod(pod)} from ${source} due to duplicate pod name ${JSON.stringify(pod.metadata.name)}, ignoring`
