import { aborted, deepEqual } from '#base'
import type { Clock, Logger } from '#base'
import type { Pod } from '#api/core/v1'
import { formatPod, seenAnnotation, uidOf } from '../pods/containers.ts'
import type { Manifests } from '../seams/manifests.ts'
import { staticPod, type ValidatePod } from './static-pod.ts'

export interface StaticPodsOptions {
  readonly manifests: Manifests
  readonly folder: string
  /** Milliseconds between two looks at the folder, besides those when the system tells of changes. */
  readonly everyMs: number
  readonly clock: Clock
  readonly log: Logger
  readonly nodeName: string
  readonly validate: ValidatePod
  /** A pod is to run, or to run otherwise than before. */
  readonly put: (pod: Pod) => void
  /** A pod is to end; resolves when nothing of it runs any more. */
  readonly remove: (pod: Pod) => Promise<void>
  /** A pod has ended. */
  readonly ended: () => void
  /** A pod can't be taken beside others. */
  readonly refused: (pod: Pod, message: string) => void
}

/** Milliseconds until a change is read: editors write in several steps. */
const settleMs = 100

/** Pods from a folder of manifests, one in each file. */
export class StaticPods {
  readonly #options: StaticPodsOptions
  /** By file. */
  readonly #pods = new Map<string, Pod>()
  /** Files whose pod has the name of another's. */
  #clashing: ReadonlySet<string> = new Set()
  /** By the names of pods: until when something of them runs. */
  readonly #ending = new Map<string, Promise<void>>()
  #reading = Promise.resolve()

  constructor(options: StaticPodsOptions) {
    this.#options = options
  }

  pods(): readonly Pod[] {
    return [...this.#pods.values()]
  }

  /** Whether something of a pod of this name, as `namespace/name`, runs that is to end. */
  isEnding(name: string): boolean {
    return this.#ending.has(name)
  }

  /** Reads the folder for the first time. */
  async start(): Promise<void> {
    await this.#read()
  }

  /** Follows the folder until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { manifests, folder, clock, everyMs } = this.#options
    if (folder === '') return
    const read = (): void => void (this.#reading = this.#reading.then(() => this.#read()))
    let cancelSoon = (): void => {}
    const stop = manifests.watch(folder, () => {
      cancelSoon()
      cancelSoon = clock.timer(settleMs, read)
    })
    let cancel = (): void => {}
    const arm = (): void => {
      cancel = clock.timer(everyMs, () => {
        read()
        arm()
      })
    }
    arm()
    await aborted(signal).promise
    cancel()
    cancelSoon()
    stop()
  }

  async #read(): Promise<void> {
    const { manifests, folder, clock, log, nodeName, validate } = this.#options
    if (folder === '') return
    try {
      const found = await manifests.read(folder)
      const wanted = new Map<string, Pod>()
      for (const [file, manifest] of found) {
        try {
          if ('error' in manifest) throw new Error(manifest.error)
          wanted.set(file, await staticPod(manifest.object, { file, nodeName, now: clock.now(), validate }))
        } catch (error) {
          log.warn('A manifest of the node is no pod', { file, error: String(error) })
          // What ran by the last good version goes on.
          const before = this.#pods.get(file)
          if (before) wanted.set(file, before)
        }
      }
      this.#change(this.#withoutClashes(wanted))
    } catch (error) {
      log.warn('The folder of manifests can not be read', { folder, error: String(error) })
    }
  }

  /** Of pods with the same name, or the same identity, the first is taken. */
  #withoutClashes(wanted: ReadonlyMap<string, Pod>): ReadonlyMap<string, Pod> {
    const kept = new Map<string, Pod>()
    const clashing = new Set<string>()
    const taken = new Set<string>()
    for (const [file, pod] of wanted) {
      const marks = [nameOf(pod), uidOf(pod)]
      if (!marks.some((mark) => taken.has(mark))) kept.set(file, pod)
      else {
        clashing.add(file)
        if (!this.#clashing.has(file)) this.#options.refused(pod, clashMessage(pod))
      }
      for (const mark of marks) taken.add(mark)
    }
    this.#clashing = clashing
    return kept
  }

  #change(wanted: ReadonlyMap<string, Pod>): void {
    for (const [file, pod] of this.#pods) {
      const next = wanted.get(file)
      if (next && uidOf(next) === uidOf(pod)) this.#update(file, pod, next)
      else {
        this.#pods.delete(file)
        this.#end(pod)
      }
    }
    for (const [file, pod] of wanted) {
      if (this.#pods.has(file)) continue
      this.#pods.set(file, pod)
      void this.#begin(file, pod)
    }
  }

  /** A pod whose manifest says who it is stays the same one when it changes. */
  #update(file: string, before: Pod, next: Pod): void {
    const pod = {
      ...next,
      metadata: { ...next.metadata, annotations: { ...next.metadata.annotations, ...seenOf(before) } },
    }
    if (deepEqual(before, pod)) return
    this.#pods.set(file, pod)
    if (!this.#ending.has(nameOf(pod))) this.#options.put(pod)
  }

  #end(pod: Pod): void {
    const name = nameOf(pod)
    const end = async (): Promise<void> => {
      await Promise.allSettled([this.#ending.get(name), this.#options.remove(pod)])
      if (this.#ending.get(name) === ended) this.#ending.delete(name)
      this.#options.ended()
    }
    const ended = end()
    this.#ending.set(name, ended)
  }

  /** A pod begins when those that had its name are gone. */
  async #begin(file: string, pod: Pod): Promise<void> {
    const before = this.#ending.get(nameOf(pod))
    if (before) {
      await before
      const now = this.#pods.get(file)
      if (!now || uidOf(now) !== uidOf(pod)) return
      this.#options.put(now)
      return
    }
    this.#options.put(pod)
  }
}

const nameOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`

function seenOf({ metadata: { annotations = {} } }: Pod): { readonly [name: string]: string } {
  const seen = annotations[seenAnnotation]
  return seen === undefined ? {} : { [seenAnnotation]: seen }
}

const clashMessage = (pod: Pod): string =>
  `Error validating pod ${formatPod(pod)} from file due to duplicate pod name ${JSON.stringify(pod.metadata.name)}, ignoring`
