import type { Clock } from '#base'
import { podLabels } from '../sandbox/config.ts'
import type { PodFiles } from '../seams/pod-files.ts'
import { observeContainer } from './observe.ts'
import { nothingObserved, type ContainerObservation, type PodObservation } from './pod-runtime.ts'
import type { ContainerStatus, PodSandboxStatus, StringMap } from './records.ts'
import type { ContainerRuntime } from './runtime.ts'
import { toldStatus, wasKilledForMemory } from './told-end.ts'

interface PodRecord {
  readonly name: string
  readonly namespace: string
  readonly sandboxes: Map<string, PodSandboxStatus>
  readonly containers: Map<string, ContainerObservation>
  /** Addresses it had last: a pod that has ended keeps them. */
  ips: readonly string[]
  /** Made when asked for; dropped with every change. */
  view: PodObservation | undefined
}

export interface CacheOptions {
  readonly runtime: ContainerRuntime
  readonly files: Pick<PodFiles, 'readTerminationLog' | 'readLogTail'>
  readonly clock: Clock
}

/** What the runtime holds of every pod, as far as we have looked. */
export class RuntimeCache {
  readonly #runtime: ContainerRuntime
  readonly #files: CacheOptions['files']
  readonly #clock: Clock
  readonly #pods = new Map<string, PodRecord>()
  /** Pod of every container and sandbox. */
  readonly #owners = new Map<string, string>()
  /** Containers and sandboxes that are being stopped. */
  readonly #stopping = new Set<string>()

  constructor({ runtime, files, clock }: CacheOptions) {
    this.#runtime = runtime
    this.#files = files
    this.#clock = clock
  }

  get(uid: string): PodObservation | undefined {
    const record = this.#pods.get(uid)
    return record && (record.view ??= viewOf(uid, record))
  }

  /** Uids of all pods the runtime holds something of. */
  uids(): Iterable<string> {
    return this.#pods.keys()
  }

  ownerOf(id: string): string | undefined {
    return this.#owners.get(id)
  }

  /** Nobody has to look at it: it has ended as far as is known, or is being stopped by somebody who looks afterwards. */
  isSettled(id: string): boolean {
    return this.#stopping.has(id) || this.#hasEnded(id)
  }

  /** What has ended, or is not known, does not change any more. */
  #hasEnded(id: string): boolean {
    const uid = this.#owners.get(id)
    const record = uid === undefined ? undefined : this.#pods.get(uid)
    const state = record?.containers.get(id)?.state ?? record?.sandboxes.get(id)?.state
    return state === undefined || state === 'exited' || state === 'notready'
  }

  /**
   * Has a container or a sandbox stopped by `stop`, and reads it afterwards, whatever came of it.
   *
   * @throws what `stop` throws, and Error when it can't be read.
   */
  async stop(id: string, stop: () => Promise<void>): Promise<void> {
    this.#stopping.add(id)
    try {
      await stop()
    } catch (error) {
      this.#stopping.delete(id)
      await this.refresh(id).catch(() => false)
      throw error
    }
    this.#stopping.delete(id)
    // Why it has ended is known.
    await this.#refresh(id, (container) => this.#runtime.containerStatus(container))
  }

  putSandbox(status: PodSandboxStatus): void {
    const { uid, name, namespace } = status.metadata
    const record = this.#record(uid, name, namespace)
    record.sandboxes.set(status.id, status)
    this.#owners.set(status.id, uid)
  }

  async putContainer(status: ContainerStatus, sandboxId: string): Promise<ContainerObservation> {
    const uid = status.labels[podLabels.podUid] ?? ''
    const observation = await observeContainer(status, sandboxId, this.#files)
    const record = this.#record(uid, nameOf(status.labels), namespaceOf(status.labels))
    record.containers.set(status.id, observation)
    record.view = undefined
    this.#owners.set(status.id, uid)
    return observation
  }

  /** It is gone from the runtime. */
  remove(id: string): void {
    const uid = this.#owners.get(id)
    const record = uid === undefined ? undefined : this.#pods.get(uid)
    this.#owners.delete(id)
    if (uid === undefined || !record) return
    record.sandboxes.delete(id)
    record.containers.delete(id)
    record.view = undefined
    if (record.sandboxes.size === 0 && record.containers.size === 0) this.#pods.delete(uid)
  }

  /** Reads a container or sandbox anew. Returns whether it has changed. */
  refresh(id: string): Promise<boolean> {
    return this.#refresh(id, (container) => this.#toldStatus(container))
  }

  /** Memory of a container ran out. Returns whether it has ended, and the runtime knows that this is why. */
  async explain(id: string): Promise<boolean> {
    const known = this.#containerOf(id)
    if (!known || wasKilledForMemory(known)) return true
    const status = await this.#runtime.containerStatus(id)
    if (!status || !wasKilledForMemory(status)) return false
    await this.putContainer(status, known.sandboxId)
    return true
  }

  #containerOf(id: string): ContainerObservation | undefined {
    const uid = this.#owners.get(id)
    return uid === undefined ? undefined : this.#pods.get(uid)?.containers.get(id)
  }

  #toldStatus(id: string): Promise<ContainerStatus | undefined> {
    return toldStatus({ runtime: this.#runtime, clock: this.#clock }, id)
  }

  async #refresh(id: string, read: ContainerRuntime['containerStatus']): Promise<boolean> {
    const uid = this.#owners.get(id)
    const record = uid === undefined ? undefined : this.#pods.get(uid)
    if (!record || this.#hasEnded(id)) return false
    const container = record.containers.get(id)
    if (container) return this.#refreshContainer(container, read)
    const before = record.sandboxes.get(id)
    const status = await this.#runtime.podSandboxStatus(id)
    if (!status) {
      this.remove(id)
      return true
    }
    this.putSandbox(status)
    return before?.state !== status.state || before.ips?.join() !== status.ips?.join()
  }

  async #refreshContainer(before: ContainerObservation, read: ContainerRuntime['containerStatus']): Promise<boolean> {
    const status = await read(before.id)
    if (!status) {
      this.remove(before.id)
      return true
    }
    const after = await this.putContainer(status, before.sandboxId)
    return after.state !== before.state
  }

  /** Reads everything of a pod anew. */
  async refreshPod(uid: string): Promise<void> {
    const record = this.#pods.get(uid)
    if (!record) return
    await Promise.all([...record.sandboxes.keys(), ...record.containers.keys()].map((id) => this.refresh(id)))
  }

  /**
   * Compares with the runtime's lists, and reads anew what differs.
   *
   * @returns uids of pods of which something has changed.
   */
  async relist(): Promise<Set<string>> {
    // What comes into the cache while the runtime answers may be missing from the answer.
    const known = [...this.#owners]
    const [sandboxes, containers] = await Promise.all([
      this.#runtime.listPodSandboxes(),
      this.#runtime.listContainers(),
    ])
    const changed = new Set<string>()
    const seen = new Set<string>()
    const work: Promise<void>[] = []
    for (const { id, state, metadata } of sandboxes) {
      seen.add(id)
      if (this.#pods.get(metadata.uid)?.sandboxes.get(id)?.state === state) continue
      changed.add(metadata.uid)
      work.push(this.#readSandbox(id))
    }
    for (const { id, state, labels, podSandboxId } of containers) {
      seen.add(id)
      const uid = labels[podLabels.podUid] ?? ''
      if (this.#pods.get(uid)?.containers.get(id)?.state === state) continue
      changed.add(uid)
      work.push(this.read(id, podSandboxId))
    }
    await Promise.all(work)
    for (const [id, uid] of known) {
      if (seen.has(id)) continue
      changed.add(uid)
      this.remove(id)
    }
    return changed
  }

  async #readSandbox(id: string): Promise<void> {
    const status = await this.#runtime.podSandboxStatus(id)
    if (status) this.putSandbox(status)
  }

  /** Reads a container that is not in the cache yet, or has changed. */
  async read(id: string, sandboxId: string): Promise<void> {
    const status = await this.#toldStatus(id)
    if (status) await this.putContainer(status, sandboxId)
  }

  #record(uid: string, name: string, namespace: string): PodRecord {
    let record = this.#pods.get(uid)
    if (!record) {
      record = { name, namespace, sandboxes: new Map(), containers: new Map(), ips: [], view: undefined }
      this.#pods.set(uid, record)
    }
    record.view = undefined
    return record
  }
}

const nameOf = (labels: StringMap): string => labels[podLabels.podName] ?? ''
const namespaceOf = (labels: StringMap): string => labels[podLabels.podNamespace] ?? ''

function viewOf(uid: string, record: PodRecord): PodObservation {
  const sandboxes = [...record.sandboxes.values()].sort(
    (a, b) => b.metadata.attempt - a.metadata.attempt || b.createdAt - a.createdAt,
  )
  const containers = [...record.containers.values()].sort((a, b) => b.createdAt - a.createdAt)
  const newest = sandboxes[0]
  const isReady = sandboxes.some(({ state }) => state === 'ready')
  if (isReady) record.ips = newest?.state === 'ready' ? (newest.ips ?? []) : []
  return {
    ...nothingObserved(uid, record.name, record.namespace),
    ips: record.ips,
    sandboxes,
    containers,
  }
}
