import { messageOf } from '#base'
import { nodes, persistentvolumeclaims, persistentvolumes } from '#api/core/v1'
import type { Node, PersistentVolume, PersistentVolumeClaim } from '#api/core/v1'
import { storageclasses } from '#api/storage/v1'
import type { StorageClass } from '#api/storage/v1'
import type { Controller, ControllerContext, Informer, Watch } from '#client'
import { isAlreadyExists, isNotFound, keyOf, quote } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { classNameOf, selectedNode } from '../common/volumes/class.ts'
import { hostnameOf, isAwaited, isGivenBack, isNamed, localVolume, provisioner, refusal, volumeName } from './volume.ts'

/** Folders on nodes, each the content of a volume. Both may be done again; they reject when the node can't do it. */
export interface NodeFolders {
  /** Resolves with the path on the node. */
  make(node: string, name: string): Promise<string>
  remove(node: string, name: string): Promise<void>
}

const claimPrefix = 'claim/'
const volumePrefix = 'volume/'

/** Makes volumes of folders on the nodes where their first pods are, and removes them when their claims go. */
export class LocalVolumeProvisioner implements Controller {
  readonly concurrency = 4
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #folders: NodeFolders
  readonly #claims: Informer<PersistentVolumeClaim>
  readonly #volumes: Informer<PersistentVolume>
  readonly #classes: Informer<StorageClass>
  readonly #nodes: Informer<Node>
  readonly #recordClaim: Recorder<PersistentVolumeClaim>
  readonly #recordVolume: Recorder<PersistentVolume>

  constructor(context: ControllerContext, folders: NodeFolders) {
    const { informers, queue, events } = context
    this.#context = context
    this.#folders = folders
    this.#claims = informers.informer(persistentvolumeclaims)
    this.#volumes = informers.informer(persistentvolumes)
    this.#classes = informers.informer(storageclasses)
    this.#nodes = informers.informer(nodes)
    this.#recordClaim = recorderFor(events, persistentvolumeclaims)
    this.#recordVolume = recorderFor(events, persistentvolumes)
    const enqueueClaim = (claim: PersistentVolumeClaim): void => {
      if (isAwaited(claim)) queue.add(claimPrefix + keyOf(claim))
    }
    const enqueueVolume = (volume: PersistentVolume): void => {
      if (isGivenBack(volume)) queue.add(volumePrefix + keyOf(volume))
    }
    this.watches = [
      watchEvents(persistentvolumeclaims, { added: enqueueClaim, updated: (_, claim) => enqueueClaim(claim) }),
      watchEvents(persistentvolumes, { added: enqueueVolume, updated: (_, volume) => enqueueVolume(volume) }),
    ]
  }

  async reconcile(key: string): Promise<void> {
    if (key.startsWith(volumePrefix)) {
      const volume = this.#volumes.lister.getByKey(key.slice(volumePrefix.length))
      if (volume && isGivenBack(volume)) await this.#remove(volume)
      return
    }
    const claim = this.#claims.lister.getByKey(key.slice(claimPrefix.length))
    if (claim && isAwaited(claim)) await this.#provision(claim)
  }

  async #provision(claim: PersistentVolumeClaim): Promise<void> {
    const storageClass = this.#classes.lister.get({ name: classNameOf(claim) })
    if (storageClass?.provisioner !== provisioner) return
    const refused = refusal(claim)
    if (refused !== undefined) return this.#fail(claim, refused)
    const nodeName = claim.metadata.annotations?.[selectedNode]
    if (nodeName === undefined) {
      if (storageClass.volumeBindingMode === 'WaitForFirstConsumer') return
      return this.#fail(claim, 'volumes are made where their first pod is: the class has to bind WaitForFirstConsumer')
    }
    const node = this.#nodes.lister.get({ name: nodeName })
    if (!node) return this.#chooseAnew(claim, `node ${quote(nodeName)} not found`)
    this.#recordClaim(claim, 'Normal', 'Provisioning', `Provisioning a volume for claim ${quote(keyOf(claim))}`)
    const name = volumeName(claim)
    let path
    try {
      path = await this.#folders.make(nodeName, name)
    } catch (error) {
      return this.#chooseAnew(claim, messageOf(error))
    }
    try {
      await this.#context.client.create(persistentvolumes, localVolume(claim, storageClass, node, path))
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
    this.#recordClaim(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name}`)
  }

  #fail(claim: PersistentVolumeClaim, why: string): void {
    const message = `failed to provision volume with StorageClass ${quote(classNameOf(claim))}: ${why}`
    this.#recordClaim(claim, 'Warning', 'ProvisioningFailed', message)
  }

  /** Takes the choice of the node back: the scheduler may know a better one. */
  async #chooseAnew(claim: PersistentVolumeClaim, why: string): Promise<void> {
    this.#fail(claim, why)
    const { [selectedNode]: _, ...annotations } = claim.metadata.annotations ?? {}
    await this.#context.client.update(persistentvolumeclaims, {
      ...claim,
      metadata: { ...claim.metadata, annotations },
    })
  }

  async #remove(volume: PersistentVolume): Promise<void> {
    const { name = '' } = volume.metadata
    const hostname = hostnameOf(volume)
    const node = hostname === undefined ? undefined : [...this.#nodes.lister.list()].find(isNamed(hostname))
    try {
      // With its node a volume is gone.
      if (node) await this.#folders.remove(node.metadata.name ?? '', name)
    } catch (error) {
      this.#recordVolume(volume, 'Warning', 'VolumeFailedDelete', messageOf(error))
      throw error
    }
    await this.#context.client.delete(persistentvolumes, { name }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error
    })
  }
}
