import type { ResourceList } from '#machinery'
import { podReference } from '#client'
import { addAbortListener, messageOf, removeAbortListener } from '#base'
import type { CancelTimer, Clock, Logger } from '#base'
import type { Pod, Volume } from '#api/core/v1'
import { quote } from '#machinery'
import type { VolumeMetrics } from '../metrics/volume-metrics.ts'
import { allContainers, specOf, uidOf } from '../pods/containers.ts'
import type { VolumeFiles } from '../seams/volume-files.ts'
import {
  folderOf,
  UnknownVolumeError,
  type MountedVolume,
  type VolumePlugin,
  type VolumeRequest,
  type VolumeSources,
} from './plugin.ts'
import type { RecordEvent } from '../record-event.ts'

export interface VolumeManagerOptions {
  readonly plugins: readonly VolumePlugin[]
  readonly metrics: VolumeMetrics
  readonly files: VolumeFiles
  readonly sources: VolumeSources
  readonly clock: Clock
  readonly log: Logger
  readonly allocatable: () => ResourceList
  readonly podFolder: (uid: string) => string
  readonly record: RecordEvent
}

interface Mount {
  readonly volume: Volume
  readonly plugin: VolumePlugin
  readonly path: string
  mounted?: MountedVolume
  attempting: boolean
  /** What it shows changed while it was being mounted: the attempt may have seen what was before. */
  stale: boolean
  failures: number
  /** Why the last attempt could not find out what to mount, until whoever waits was told. */
  unknown?: string
  retry?: CancelTimer
}

interface PodVolumes {
  pod: Pod
  readonly mounts: Map<string, Mount>
  /** Heard when a volume was mounted. */
  readonly waiting: Set<() => void>
  refresh?: CancelTimer
  gone: boolean
}

const firstRetryMs = 500
const longestRetryMs = 122_000
/** Milliseconds that the start of a pod waits for its volumes before people are told. */
const patienceMs = 123_000

/** Mounts and unmounts the volumes of pods, and keeps what they show up to date. */
export class VolumeManager {
  readonly #options: VolumeManagerOptions
  readonly #pods = new Map<string, PodVolumes>()

  constructor(options: VolumeManagerOptions) {
    this.#options = options
  }

  /** What is mounted for a pod, by volume. */
  mounted(uid: string): ReadonlyMap<string, MountedVolume> {
    const mounted = new Map<string, MountedVolume>()
    for (const [name, mount] of this.#pods.get(uid)?.mounts ?? []) if (mount.mounted) mounted.set(name, mount.mounted)
    return mounted
  }

  /** Volumes that are to be there, and those that are, by plugin. */
  counts(): { readonly [state in 'desired' | 'actual']: ReadonlyMap<string, number> } {
    const all = [...this.#pods.values()].flatMap(({ mounts }) => [...mounts.values()])
    return { desired: countByPlugin(all), actual: countByPlugin(all.filter(({ mounted }) => mounted)) }
  }

  /** Whether anything of the pod's volumes is left. */
  has(uid: string): boolean {
    return this.#pods.has(uid)
  }

  /**
   * Mounts what containers of the pod use, and resolves when all of it is there.
   *
   * @throws Error with the message users see when it takes too long, and the signal's reason.
   */
  async mount(pod: Pod, signal: AbortSignal): Promise<void> {
    const volumes = this.#volumesOf(pod)
    const missing = (): Mount[] => [...volumes.mounts.values()].filter(({ mounted }) => !mounted)
    if (missing().length === 0) return
    const { clock } = this.#options
    const deadline = clock.monotonic() + patienceMs
    while (missing().length > 0) {
      for (const mount of missing()) if (!mount.attempting && !mount.retry) void this.#attempt(volumes, mount)
      await this.#next(volumes, Math.max(0, deadline - clock.monotonic()), signal)
      signal.throwIfAborted()
      throwIfUnknown(missing())
      if (clock.monotonic() >= deadline && missing().length > 0) {
        throw new Error(`${missingLists(missing(), [])}: context deadline exceeded`)
      }
    }
  }

  /** Something that the pod's volumes show may have changed. */
  refresh(pod: Pod): void {
    const volumes = this.#pods.get(uidOf(pod))
    if (!volumes || volumes.gone) return
    volumes.pod = pod
    for (const mount of volumes.mounts.values()) {
      if (!mount.plugin.follows) continue
      mount.retry?.()
      delete mount.retry
      if (mount.attempting) mount.stale = true
      else void this.#attempt(volumes, mount)
    }
  }

  /** Uids of pods with volumes that show a config map or secret. */
  podsShowing(kind: 'ConfigMap' | 'Secret', namespace: string, name: string): Pod[] {
    const found: Pod[] = []
    for (const { pod, mounts } of this.#pods.values()) {
      if (pod.metadata.namespace !== namespace) continue
      if ([...mounts.values()].some(({ volume }) => refersTo(volume, kind, name))) found.push(pod)
    }
    return found
  }

  /** Takes away the volumes of a pod; also those of a pod that is only known from its files. */
  async unmount(uid: string): Promise<void> {
    const { files, plugins, podFolder, metrics } = this.#options
    const volumes = this.#pods.get(uid)
    if (volumes) {
      volumes.gone = true
      volumes.refresh?.()
      for (const mount of volumes.mounts.values()) mount.retry?.()
    }
    await files.releasePod(uid, podFolder(uid))
    for (const entry of await files.list(uid)) {
      const [folder = ''] = entry.split('/')
      const plugin = plugins.find(({ name }) => folderOf(name) === folder)
      const path = `${podFolder(uid)}/volumes/${entry}`
      await metrics.timed('volume_unmount', plugin?.name ?? 'N/A', async () => {
        if (plugin?.tearDown) await plugin.tearDown({ path, files })
        await files.remove(path)
      })
    }
    this.#pods.delete(uid)
  }

  stop(): void {
    for (const volumes of this.#pods.values()) {
      volumes.gone = true
      volumes.refresh?.()
      for (const mount of volumes.mounts.values()) mount.retry?.()
    }
  }

  #volumesOf(pod: Pod): PodVolumes {
    const uid = uidOf(pod)
    let volumes = this.#pods.get(uid)
    if (!volumes || volumes.gone) {
      volumes = { pod, mounts: new Map(), waiting: new Set(), gone: false }
      this.#pods.set(uid, volumes)
    }
    volumes.pod = pod
    for (const volume of usedVolumes(pod)) {
      if (volumes.mounts.has(volume.name)) continue
      const plugin = this.#options.plugins.find((candidate) => candidate.supports(volume))
      if (!plugin) throw new Error(`no volume plugin matched name: ${quote(volume.name)}`)
      const path = `${this.#options.podFolder(uid)}/volumes/${folderOf(plugin.name)}/${volume.name}`
      volumes.mounts.set(volume.name, { volume, plugin, path, attempting: false, stale: false, failures: 0 })
    }
    return volumes
  }

  async #attempt(volumes: PodVolumes, mount: Mount): Promise<void> {
    mount.attempting = true
    mount.stale = false
    try {
      const { plugin } = mount
      mount.mounted = await this.#options.metrics.timed('volume_mount', plugin.name, () =>
        plugin.setUp(this.#request(volumes.pod, mount)),
      )
      mount.failures = 0
      this.#planRefresh(volumes)
    } catch (error) {
      this.#failed(volumes, mount, error)
    } finally {
      mount.attempting = false
      for (const heard of volumes.waiting) heard()
    }
    if (!mount.stale || volumes.gone) return
    mount.retry?.()
    delete mount.retry
    await this.#attempt(volumes, mount)
  }

  #request(pod: Pod, { volume, path }: Mount): VolumeRequest {
    const { files, sources, allocatable } = this.#options
    const { fsGroup, fsGroupChangePolicy } = specOf(pod).securityContext ?? {}
    return {
      pod,
      volume,
      path,
      files,
      sources,
      allocatable: allocatable(),
      ownership: (readOnly) =>
        fsGroup === undefined
          ? undefined
          : { group: fsGroup, readOnly, onRootMismatch: fsGroupChangePolicy === 'OnRootMismatch' },
    }
  }

  #failed(volumes: PodVolumes, mount: Mount, error: unknown): void {
    if (volumes.gone) return
    const { clock, record } = this.#options
    const text = messageOf(error)
    if (error instanceof UnknownVolumeError) mount.unknown = text
    else {
      const what = `MountVolume.SetUp failed for volume ${quote(mount.volume.name)} `
      record(podReference(volumes.pod), 'Warning', 'FailedMount', `${what}: ${text}`)
    }
    const wait = Math.min(longestRetryMs, firstRetryMs * 2 ** mount.failures)
    mount.failures++
    mount.retry = clock.timer(wait, () => {
      delete mount.retry
      if (!volumes.gone) void this.#attempt(volumes, mount)
    })
  }

  /** Sets a timer for the volume whose content runs out first. */
  #planRefresh(volumes: PodVolumes): void {
    volumes.refresh?.()
    delete volumes.refresh
    const times = [...volumes.mounts.values()].map(({ mounted }) => mounted?.refreshAt ?? Infinity)
    const at = Math.min(...times)
    if (at === Infinity || volumes.gone) return
    const { clock } = this.#options
    volumes.refresh = clock.timer(Math.max(1000, at - clock.now()), () => {
      for (const mount of volumes.mounts.values()) {
        if ((mount.mounted?.refreshAt ?? Infinity) <= clock.now() && !mount.attempting) {
          void this.#attempt(volumes, mount)
        }
      }
    })
  }

  /** Waits until something was tried, time is up, or nobody wants to know. */
  async #next(volumes: PodVolumes, ms: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        cancel()
        volumes.waiting.delete(done)
        removeAbortListener(signal, done)
        resolve()
      }
      const cancel = this.#options.clock.timer(ms, done)
      volumes.waiting.add(done)
      addAbortListener(signal, done)
    })
  }
}

/** Each reason is told once: nobody waits for volumes of which nothing is known. */
function throwIfUnknown(missing: readonly Mount[]): void {
  const unknown = missing.filter((mount) => mount.unknown !== undefined)
  if (unknown.length === 0) return
  const reasons = unknown.map((mount) => mount.unknown)
  for (const mount of unknown) delete mount.unknown
  const reason = reasons.length === 1 ? reasons[0] : `[${reasons.join(', ')}]`
  throw new Error(`${missingLists(missing, unknown)}: ${reason}`)
}

function missingLists(missing: readonly Mount[], unknown: readonly Mount[]): string {
  const names = (mounts: readonly Mount[]): string =>
    mounts
      .map(({ volume }) => volume.name)
      .sort()
      .join(' ')
  return `unmounted volumes=[${names(missing)}], unattached volumes=[], failed to process volumes=[${names(unknown)}]`
}

function countByPlugin(mounts: readonly Mount[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { plugin } of mounts) counts.set(plugin.name, (counts.get(plugin.name) ?? 0) + 1)
  return counts
}

/** Volumes that some container uses: the others are not mounted. */
function usedVolumes(pod: Pod): Volume[] {
  const used = new Set<string>()
  for (const container of allContainers(pod)) {
    for (const { name } of container.volumeMounts ?? []) used.add(name)
    for (const { name } of container.volumeDevices ?? []) used.add(name)
    for (const { valueFrom } of container.env ?? [])
      if (valueFrom?.fileKeyRef) used.add(valueFrom.fileKeyRef.volumeName)
  }
  return (specOf(pod).volumes ?? []).filter(({ name }) => used.has(name))
}

function refersTo(volume: Volume, kind: 'ConfigMap' | 'Secret', name: string): boolean {
  const sources = volume.projected?.sources ?? []
  if (kind === 'ConfigMap') {
    return volume.configMap?.name === name || sources.some(({ configMap }) => configMap?.name === name)
  }
  return volume.secret?.secretName === name || sources.some(({ secret }) => secret?.name === name)
}
