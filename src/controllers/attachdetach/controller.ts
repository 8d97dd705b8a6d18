import { nodes, persistentvolumeclaims, persistentvolumes, pods } from '#api/core/v1'
import type { AttachedVolume, Node, PersistentVolume, Pod } from '#api/core/v1'
import { csidrivers, volumeattachments } from '#api/storage/v1'
import type { VolumeAttachment } from '#api/storage/v1'
import type { Controller, ControllerContext, Informer, ReconcileResult, Watch } from '#client'
import { isAlreadyExists, isNodeReady, isNotFound, keyOf, quote } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { podsOnNode } from '../common/pods/owned.ts'
import { podsByClaim, podsUsing } from '../common/volumes/claims.ts'
import {
  attachmentName,
  isDriversVolume,
  isExclusive,
  isManaged,
  isOurs,
  isOutOfService,
  uniqueName,
  volumesOf,
} from './volumes.ts'
import type { VolumeSources } from './volumes.ts'

const byNode = 'attach-detach node'
const byVolume = 'attach-detach volume'
/** After so long a volume is taken from a node that is not ready, though the node may still use it. */
const unmountMs = 360_000

interface Use {
  readonly volume: PersistentVolume
  readonly pods: Pod[]
}

/** Has drivers attach the volumes that pods use to their nodes, and detach them. Keys are nodes. */
export class AttachDetachController implements Controller {
  readonly watches: readonly Watch[]
  readonly concurrency = 10
  readonly #context: ControllerContext
  readonly #nodes: Informer<Node>
  readonly #pods: Informer<Pod>
  readonly #attachments: Informer<VolumeAttachment>
  readonly #sources: VolumeSources
  readonly #record: Recorder<Pod>
  /** Since when attachments have been needless. */
  readonly #needless = new Map<string, number>()
  /** Attachments that wait for another node, and whose pods know it. */
  readonly #waiting = new Set<string>()

  constructor(context: ControllerContext) {
    const { informers, queue, events } = context
    this.#context = context
    this.#nodes = informers.informer(nodes)
    this.#pods = podsByClaim(informers)
    this.#attachments = informers.informer(volumeattachments)
    this.#attachments.addIndexer(byNode, ({ spec }) => [spec.nodeName])
    this.#attachments.addIndexer(byVolume, ({ spec }) => [spec.source.persistentVolumeName ?? ''])
    this.#sources = {
      claims: informers.informer(persistentvolumeclaims),
      volumes: informers.informer(persistentvolumes),
      drivers: informers.informer(csidrivers),
    }
    this.#record = recorderFor(events, pods)
    const podChanged = ({ spec }: Pod): void => {
      if (spec.nodeName && spec.volumes?.some((volume) => volume.persistentVolumeClaim ?? volume.ephemeral)) {
        queue.add(spec.nodeName)
      }
    }
    const enqueueUsers = (claim: string): void => {
      for (const { spec } of podsUsing(this.#pods, claim)) if (spec.nodeName) queue.add(spec.nodeName)
    }
    const volumeChanged = ({ spec }: PersistentVolume): void => {
      if (spec.csi && spec.claimRef) enqueueUsers(`${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}`)
    }
    this.watches = [
      watchEvents(nodes, {
        added: (node) => queue.add(keyOf(node)),
        updated: (_, node) => queue.add(keyOf(node)),
        deleted: (node) => queue.add(keyOf(node)),
      }),
      watchEvents(pods, { added: podChanged, updated: (_, pod) => podChanged(pod), deleted: podChanged }),
      watchEvents(persistentvolumes, { added: volumeChanged, updated: (_, volume) => volumeChanged(volume) }),
      watchEvents(persistentvolumeclaims, {
        added: (claim) => enqueueUsers(keyOf(claim)),
        updated: (_, claim) => enqueueUsers(keyOf(claim)),
      }),
      watchEvents(volumeattachments, {
        added: ({ spec }) => queue.add(spec.nodeName),
        updated: (old, attachment) => this.#attachmentChanged(old, attachment),
        deleted: (attachment) => {
          this.#needless.delete(attachment.metadata.name ?? '')
          queue.add(attachment.spec.nodeName)
          const volume = this.#sources.volumes.lister.get({ name: attachment.spec.source.persistentVolumeName ?? '' })
          if (volume) volumeChanged(volume)
        },
      }),
    ]
  }

  async reconcile(name: string): Promise<ReconcileResult | void> {
    const node = this.#nodes.lister.get({ name })
    if (node && !isManaged(node)) return
    const uses = node ? this.#usesOf(name) : new Map<string, Use>()
    const mine = [...this.#attachments.lister.byIndex(byNode, name)].filter(isOurs)
    const { going, waitMs } = this.#needlessOf(mine, uses, node)
    if (node) await this.#tellNode(node, mine, going)
    for (const attachment of going) await this.#detach(attachment)
    for (const [attachment, use] of uses) {
      if (!mine.some(({ metadata }) => metadata.name === attachment)) await this.#attach(attachment, use, name)
    }
    return waitMs === undefined ? undefined : { requeueAfterMs: waitMs }
  }

  /** By the names of their attachments. */
  #usesOf(node: string): Map<string, Use> {
    const uses = new Map<string, Use>()
    for (const pod of podsOnNode(this.#pods, node)) {
      for (const volume of volumesOf(this.#sources, pod)) {
        const attachment = attachmentName(volume, node)
        const use = uses.get(attachment)
        if (use) use.pods.push(pod)
        else uses.set(attachment, { volume, pods: [pod] })
      }
    }
    return uses
  }

  /** What may go now of what nobody needs, and how long to wait for the rest. */
  #needlessOf(
    mine: readonly VolumeAttachment[],
    uses: ReadonlyMap<string, Use>,
    node: Node | undefined,
  ): { readonly going: readonly VolumeAttachment[]; readonly waitMs: number | undefined } {
    const now = this.#context.clock.now()
    const going: VolumeAttachment[] = []
    let waitMs: number | undefined
    for (const attachment of mine) {
      const { name = '', deletionTimestamp } = attachment.metadata
      if (uses.has(name)) {
        this.#needless.delete(name)
        continue
      }
      if (deletionTimestamp !== undefined) continue
      const since = this.#needless.get(name) ?? now
      this.#needless.set(name, since)
      const volume = this.#sources.volumes.lister.get({ name: attachment.spec.source.persistentVolumeName ?? '' })
      const called = volume && uniqueName(volume)
      const isUsed = called !== undefined && (node?.status?.volumesInUse ?? []).includes(called)
      const left = since + unmountMs - now
      if (!node || !isUsed || isOutOfService(node) || (left <= 0 && !isNodeReady(node))) going.push(attachment)
      else if (left > 0) waitMs = Math.min(waitMs ?? Infinity, left)
    }
    return { going, waitMs }
  }

  /** The node learns that a volume is there before it uses it, and that it goes before it goes. */
  async #tellNode(node: Node, mine: readonly VolumeAttachment[], going: readonly VolumeAttachment[]): Promise<void> {
    const known = node.status?.volumesAttached ?? []
    const attached = new Map<string, AttachedVolume>()
    for (const volume of known) if (!isDriversVolume(volume.name)) attached.set(volume.name, volume)
    for (const attachment of mine) {
      if (!attachment.status?.attached || going.includes(attachment)) continue
      if (attachment.metadata.deletionTimestamp !== undefined) continue
      const volume = this.#sources.volumes.lister.get({ name: attachment.spec.source.persistentVolumeName ?? '' })
      const name = volume && uniqueName(volume)
      if (name !== undefined) attached.set(name, { name, devicePath: '' })
    }
    if (attached.size === known.length && known.every(({ name }) => attached.has(name))) return
    const volumesAttached = [...attached.values()].map(({ name, devicePath }) => ({ name, devicePath }))
    const key = { name: node.metadata.name ?? '' }
    const patch = { status: { volumesAttached } }
    await this.#context.client.patch(nodes, key, { type: 'merge', patch }, { subresource: 'status' })
  }

  async #detach({ metadata }: VolumeAttachment): Promise<void> {
    const { name = '' } = metadata
    try {
      await this.#context.client.delete(volumeattachments, { name })
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  async #attach(name: string, { volume, pods: users }: Use, nodeName: string): Promise<void> {
    const volumeName = volume.metadata.name ?? ''
    if (isExclusive(volume)) {
      const others: string[] = []
      for (const { spec } of this.#attachments.lister.byIndex(byVolume, volumeName)) {
        if (spec.nodeName !== nodeName) others.push(spec.nodeName)
      }
      if (others.length > 0) {
        if (!this.#waiting.has(name)) this.#tellTaken(volume, users, others)
        this.#waiting.add(name)
        return
      }
    }
    this.#waiting.delete(name)
    const attacher = volume.spec.csi?.driver ?? ''
    const spec = { attacher, nodeName, source: { persistentVolumeName: volumeName } }
    try {
      await this.#context.client.create(volumeattachments, { metadata: { name }, spec })
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
  }

  #attachmentChanged(old: VolumeAttachment, attachment: VolumeAttachment): void {
    const { nodeName, source } = attachment.spec
    this.#context.queue.add(nodeName)
    const was = old.status
    const { attached = false, attachError } = attachment.status ?? {}
    const hasFailed = attachError?.message !== undefined && attachError.message !== was?.attachError?.message
    if (!isOurs(attachment) || (attached === (was?.attached ?? false) && !hasFailed)) return
    const name = quote(source.persistentVolumeName ?? '')
    for (const pod of this.#usesOf(nodeName).get(attachment.metadata.name ?? '')?.pods ?? []) {
      if (hasFailed) {
        const message = `AttachVolume.Attach failed for volume ${name} : ${attachError.message ?? ''}`
        this.#record(pod, 'Warning', 'FailedAttachVolume', message)
      } else if (attached) {
        const message = `AttachVolume.Attach succeeded for volume ${name} `
        this.#record(pod, 'Normal', 'SuccessfulAttachVolume', message)
      }
    }
  }

  /** Tells pods who has the volume that they wait for, but not the names of pods in other namespaces. */
  #tellTaken(volume: PersistentVolume, users: readonly Pod[], others: readonly string[]): void {
    const holders = others.flatMap((node) => this.#usesOf(node).get(attachmentName(volume, node))?.pods ?? [])
    for (const pod of users) {
      const near = holders.filter(({ metadata }) => metadata.namespace === pod.metadata.namespace)
      const far = holders.length - near.length
      const elsewhere = `${far} pod(s) in different namespaces`
      let why = "Volume is already exclusively attached to one node and can't be attached to another"
      if (near.length > 0) {
        const names = near.map(({ metadata }) => metadata.name).join(', ')
        why = `Volume is already used by pod(s) ${names}${far > 0 ? ` and ${elsewhere}` : ''}`
      } else if (far > 0) why = `Volume is already used by ${elsewhere}`
      const message = `Multi-Attach error for volume ${quote(volume.metadata.name ?? '')} ${why}`
      this.#record(pod, 'Warning', 'FailedAttachVolume', message)
    }
  }
}
