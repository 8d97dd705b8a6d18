import { messageOf, sleep } from '#base'
import type { Clock, Logger } from '#base'
import type { Container, Pod, ResourceStatus } from '#api/core/v1'
import type { Client } from '#client'
import type { DraMetrics } from '../metrics/dra-metrics.ts'
import { uidOf } from '../pods/containers.ts'
import type { Checkpoints } from '../seams/checkpoints.ts'
import type { DraPlugins } from '../seams/dra-plugins.ts'
import { claimsFile, formatClaims, parseClaims } from './checkpoint.ts'
import { devicesOf, type ClaimRecord } from './claim-record.ts'
import { ClaimRecords } from './claim-records.ts'
import type { ClaimWork } from './claim-work.ts'
import { Drivers } from './drivers.ts'
import { DeviceHealth } from './health.ts'
import { healthOfClaims } from './health-status.ts'
import { NamedLocks } from './named-locks.ts'
import { claimsOfContainer, claimsShownOf, possibleClaims } from './pod-claims.ts'
import { prepareClaims } from './prepare.ts'
import { Slices } from './slices.ts'
import { unprepareClaims } from './unprepare.ts'

/** Milliseconds between two looks for claims of pods that are no more. */
const reconcileMs = 60_000

export interface DraManagerOptions {
  readonly plugins: DraPlugins
  readonly client: Client
  readonly isStandalone?: boolean
  readonly checkpoints: Checkpoints
  readonly clock: Clock
  readonly log: Logger
  readonly nodeName: string
  readonly metrics: DraMetrics
  /** Pods that may have containers; `undefined` while not all are known. */
  readonly pods: () => readonly Pod[] | undefined
  /** What a pod that is no more has claimed was given back. */
  readonly claimsGivenBack: (uid: string) => void
  /** A pod's device has become healthy or unhealthy. */
  readonly healthChanged: (uid: string) => void
}

/** Has drivers prepare what pods claim, and tells the runtime of it (dynamic resource allocation, KEP-4381). */
export class DraManager {
  readonly drivers: Drivers
  readonly #options: DraManagerOptions
  readonly #records = new ClaimRecords()
  readonly #slices: Slices
  readonly #health: DeviceHealth
  readonly #work: ClaimWork

  constructor(options: DraManagerOptions) {
    const { client, plugins, metrics } = options
    this.#options = options
    this.#slices = new Slices(options)
    this.#health = new DeviceHealth({ ...options, changed: (driver, devices) => this.#healthChanged(driver, devices) })
    this.drivers = new Drivers({
      plugins,
      added: (plugin, signal) => void this.#health.follow(plugin, signal),
      usable: (driver, isUsable) => this.#slices.usable(driver, isUsable),
      called: (driver, call) => metrics.called(driver, call),
    })
    this.#work = {
      client,
      drivers: this.drivers,
      records: this.#records,
      locks: new NamedLocks(),
      save: () => options.checkpoints.write(claimsFile, formatClaims(this.#records)),
    }
    metrics.countInUse(() => this.#records.inUse())
  }

  /** Takes up what a former run has left. @throws Error when it can't be read. */
  async load(): Promise<void> {
    await this.#health.load()
    const text = await this.#options.checkpoints.read(claimsFile)
    if (text === undefined) return
    try {
      for (const record of parseClaims(text)) this.#records.put(record)
    } catch (error) {
      const why = `failed to get checkpoint ${claimsFile}: ${messageOf(error)}`
      throw new Error(`create ResourceClaim cache: GetOrCreate() on checkpoint state: ${why}`, { cause: error })
    }
  }

  /** Looks after slices of drivers and claims of pods that are no more, until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    // None has registered yet, and some may never do so again.
    void this.#slices.wipe(signal)
    while (!signal.aborted) {
      await sleep(this.#options.clock, reconcileMs, signal).catch(() => {})
      if (!signal.aborted) await this.#reconcile()
    }
    this.#health.stop()
    this.drivers.close()
    this.#slices.stop()
  }

  /** Has all that a pod claims prepared, before it gets its sandbox. @throws Error with the message users see. */
  async prepare(pod: Pod, signal: AbortSignal): Promise<void> {
    await this.#timed('PrepareResources', 'prepare', prepareClaims(this.#work, pod, signal))
  }

  /** Gives back what a pod has claimed: none of its containers runs any more. @throws Error when that failed. */
  async unprepare(pod: Pod): Promise<void> {
    const { namespace = '' } = pod.metadata
    const given = { podUid: uidOf(pod), namespace, names: possibleClaims(pod) }
    await this.#timed('UnprepareResources', 'unprepare', unprepareClaims(this.#work, given))
  }

  /** Whether something is, or may be, prepared for a pod. */
  holds(uid: string): boolean {
    return this.#records.areUsedBy(uid)
  }

  /** What a container gets from the runtime for its claims. @throws Error when one of them is not prepared. */
  cdiDevices(pod: Pod, container: Container): readonly { readonly name: string }[] {
    const { namespace = '' } = pod.metadata
    return claimsOfContainer(pod, container).flatMap(({ name, requests }) => {
      const record = this.#records.get(namespace, name)
      if (!record) {
        const which = `ResourceClaim ${name} in namespace ${namespace}`
        throw new Error(`internal error: unable to get claim info for ${which}`)
      }
      const devices = requests.flatMap((request) => devicesOf(record, request))
      return devices.flatMap(({ cdiDeviceIds }) => cdiDeviceIds.map((id) => ({ name: id })))
    })
  }

  /** What monitors are told that a container claims; nothing while some of it is not prepared. */
  claimsOf(pod: Pod, container: Container): readonly ClaimRecord[] {
    const { namespace = '' } = pod.metadata
    const records = claimsShownOf(pod, container).map((name) => name && this.#records.get(namespace, name))
    return records.every((record) => typeof record === 'object') ? records : []
  }

  /** What a container's status says of its claimed devices (KEP-4680). */
  healthOf(pod: Pod, container: Container): readonly ResourceStatus[] {
    const { namespace = '' } = pod.metadata
    return healthOfClaims(
      pod,
      container,
      (name) => this.#records.get(namespace, name),
      (driver, device) => this.#health.of(driver, device),
    )
  }

  #healthChanged(driver: string, keys: ReadonlySet<string>): void {
    const uids = new Set<string>()
    for (const { devices, pods } of this.#records) {
      const isConcerned = devices.get(driver)?.some(({ poolName, deviceName }) => keys.has(`${poolName}/${deviceName}`))
      if (isConcerned) for (const uid of pods) uids.add(uid)
    }
    for (const uid of uids) this.#options.healthChanged(uid)
  }

  /** Gives back what pods have claimed that went without a word: while the agent was away, or by force. */
  async #reconcile(): Promise<void> {
    const { log, pods } = this.#options
    const known = pods()
    if (!known) return
    const active = new Set(known.map(uidOf))
    const left = new Map<string, { readonly namespace: string; readonly names: string[] }>()
    for (const { namespace, name, pods: uids } of this.#records) {
      for (const uid of uids) {
        if (active.has(uid)) continue
        const claims = left.get(uid) ?? { namespace, names: [] }
        claims.names.push(name)
        left.set(uid, claims)
      }
    }
    for (const [podUid, claims] of left) {
      try {
        await unprepareClaims(this.#work, { podUid, ...claims })
        this.#options.claimsGivenBack(podUid)
      } catch (error) {
        log.info('Claims of a pod that is no more could not be given back, will try again', { podUid, error })
      }
    }
  }

  async #timed(operation: string, verb: string, work: Promise<void>): Promise<void> {
    const { clock, metrics } = this.#options
    const began = clock.monotonic()
    try {
      await work
      metrics.operated(operation, clock.monotonic() - began, false)
    } catch (error) {
      metrics.operated(operation, clock.monotonic() - began, true)
      throw new Error(`${verb} dynamic resources: ${messageOf(error)}`, { cause: error })
    }
  }
}
