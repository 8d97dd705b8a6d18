import { sleep } from '#base'
import { persistentvolumeclaims, persistentvolumes } from '#api/core/v1'
import type { ObjectReference, PersistentVolume, PersistentVolumeClaim, Pod } from '#api/core/v1'
import { storageclasses } from '#api/storage/v1'
import type { StorageClass } from '#api/storage/v1'
import type { Controller, ControllerContext, EventType, Informer, Watch } from '#client'
import { isNotFound, keyOf, quote } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import type { Recorder } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import { isPodTerminal } from '../common/pods/state.ts'
import {
  classNameOf,
  defaultClass,
  hasSelectedNode,
  provisionerAnnotations,
  saysClass,
  waitsForConsumer,
} from '../common/volumes/class.ts'
import { podsByClaim, podsUsing } from '../common/volumes/claims.ts'
import {
  bestMatch,
  bindCompleted,
  boundByController,
  isBoundTo,
  mismatch,
  modesDiffer,
  provisionedBy,
} from './match.ts'
import { Overlay } from './overlay.ts'
import { bind, setClaimPhase, setVolumePhase, unbind } from './writes.ts'
import type { BinderTools } from './writes.ts'

const volumePrefix = 'volume/'
const claimPrefix = 'claim/'
const resyncMs = 15_000
/** Binds claims to volumes, has provisioners make new ones, and sees to volumes that were given back. */
export class VolumeBinder implements Controller {
  readonly watches: readonly Watch[]
  readonly #context: ControllerContext
  readonly #tools: BinderTools
  readonly #claimInformer: Informer<PersistentVolumeClaim>
  readonly #classes: Informer<StorageClass>
  readonly #pods: Informer<Pod>
  readonly #recordClaim: Recorder<PersistentVolumeClaim>
  readonly #recordVolume: Recorder<PersistentVolume>

  constructor(context: ControllerContext) {
    const { informers, client, queue, events } = context
    this.#context = context
    this.#claimInformer = informers.informer(persistentvolumeclaims)
    this.#classes = informers.informer(storageclasses)
    this.#pods = podsByClaim(informers)
    this.#tools = {
      client,
      claims: new Overlay(this.#claimInformer),
      volumes: new Overlay(informers.informer(persistentvolumes)),
    }
    this.#recordClaim = recorderFor(events, persistentvolumeclaims)
    this.#recordVolume = recorderFor(events, persistentvolumes)
    const enqueueClaim = (claim: PersistentVolumeClaim): void => queue.add(claimPrefix + keyOf(claim))
    const enqueueVolume = (volume: PersistentVolume): void => queue.add(volumePrefix + keyOf(volume))
    this.watches = [
      watchEvents(persistentvolumeclaims, {
        added: enqueueClaim,
        updated: (_, claim) => enqueueClaim(claim),
        deleted: ({ spec }) => {
          if (spec.volumeName) queue.add(volumePrefix + spec.volumeName)
        },
      }),
      watchEvents(persistentvolumes, {
        added: enqueueVolume,
        updated: (old, volume) => {
          enqueueVolume(volume)
          if (old.status?.phase !== volume.status?.phase) this.#volumeChanged(volume)
        },
        deleted: ({ spec }) => {
          if (spec.claimRef) queue.add(claimPrefix + claimKey(spec.claimRef))
        },
      }),
      watchEvents(storageclasses, {
        added: () => this.#enqueueUnbound(),
        updated: () => this.#enqueueUnbound(),
      }),
    ]
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(this.#context.clock, resyncMs, signal).catch(() => {})
      this.#enqueueUnbound()
    }
  }

  async reconcile(key: string): Promise<void> {
    if (key.startsWith(volumePrefix)) {
      const volume = this.#tools.volumes.get(key.slice(volumePrefix.length))
      if (volume) await this.#syncVolume(volume)
      return
    }
    const claim = this.#tools.claims.get(key.slice(claimPrefix.length))
    if (!claim) return
    if (claim.metadata.annotations?.[bindCompleted] === undefined) await this.#syncUnbound(claim)
    else await this.#syncBound(claim)
  }

  #enqueueUnbound(): void {
    for (const claim of this.#claimInformer.lister.list()) {
      if (claim.metadata.annotations?.[bindCompleted] === undefined) this.#context.queue.add(claimPrefix + keyOf(claim))
    }
  }

  /** A volume that is free may be what a claim waits for. */
  #volumeChanged(volume: PersistentVolume): void {
    if (volume.status?.phase !== 'Available') return
    const name = classNameOf(volume)
    for (const claim of this.#claimInformer.lister.list()) {
      const waits = claim.metadata.annotations?.[bindCompleted] === undefined
      if (waits && classNameOf(claim) === name) this.#context.queue.add(claimPrefix + keyOf(claim))
    }
  }

  async #syncUnbound(claim: PersistentVolumeClaim): Promise<void> {
    const { volumeName } = claim.spec
    if (volumeName) return this.#syncNamed(claim, volumeName)
    const waits = waitsForConsumer(claim, this.#classes)
    const volume = bestMatch(claim, this.#tools.volumes.list(), waits)
    if (volume) return bind(this.#tools, volume, claim)
    if (!saysClass(claim)) {
      const found = defaultClass(this.#classes.lister.list())
      if (found) {
        const spec = { ...claim.spec, storageClassName: found.metadata.name ?? '' }
        this.#tools.claims.wrote(await this.#context.client.update(persistentvolumeclaims, { ...claim, spec }))
        return
      }
    }
    if (waits && !hasSelectedNode(claim)) this.#tellWaiting(claim)
    else if (classNameOf(claim) !== '') return this.#provision(claim)
    else {
      const message = 'no persistent volumes available for this claim and no storage class is set'
      this.#recordClaim(claim, 'Normal', 'FailedBinding', message)
    }
    await setClaimPhase(this.#tools, claim, 'Pending', undefined)
  }

  /** The claim asks for one volume and no other. */
  async #syncNamed(claim: PersistentVolumeClaim, name: string): Promise<void> {
    const volume = this.#tools.volumes.get(name)
    if (!volume) {
      await setClaimPhase(this.#tools, claim, 'Pending', undefined)
      return
    }
    if (!volume.spec.claimRef) {
      const why = mismatch(volume, claim)
      if (why === undefined) return bind(this.#tools, volume, claim)
      this.#recordClaim(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume ${quote(name)}: ${why}`)
      await setClaimPhase(this.#tools, claim, 'Pending', undefined)
      return
    }
    if (isBoundTo(volume, claim)) return bind(this.#tools, volume, claim)
    const message = `volume ${quote(name)} already bound to a different claim.`
    this.#recordClaim(claim, 'Warning', 'FailedBinding', message)
    if (claim.metadata.annotations?.[boundByController] === undefined) {
      await setClaimPhase(this.#tools, claim, 'Pending', undefined)
      return
    }
    const other = claimKey(volume.spec.claimRef)
    throw new Error(
      `invalid binding of claim ${quote(keyOf(claim))} to volume ${quote(name)}: volume already claimed by ${quote(other)}`,
    )
  }

  async #syncBound(claim: PersistentVolumeClaim): Promise<void> {
    const { volumeName } = claim.spec
    if (!volumeName) {
      const message = 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!'
      return this.#lose(claim, 'ClaimLost', message)
    }
    const volume = this.#tools.volumes.get(volumeName)
    if (!volume) {
      return this.#lose(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!')
    }
    const { claimRef } = volume.spec
    if (!claimRef || claimRef.uid === claim.metadata.uid) return bind(this.#tools, volume, claim)
    const message = 'Two claims are bound to the same volume, this one is bound incorrectly'
    return this.#lose(claim, 'ClaimMisbound', message)
  }

  async #lose(claim: PersistentVolumeClaim, reason: string, message: string): Promise<void> {
    if (claim.status?.phase === 'Lost') return
    const lost = await setClaimPhase(this.#tools, claim, 'Lost', undefined)
    this.#recordClaim(lost, 'Warning', reason, message)
  }

  #tellWaiting(claim: PersistentVolumeClaim): void {
    const waiting = [...podsUsing(this.#pods, keyOf(claim))].filter((pod) => !isPodTerminal(pod) && !pod.spec.nodeName)
    const names = waiting.map(({ metadata }) => metadata.name ?? '').join(',')
    if (waiting.length === 0) {
      const message = 'waiting for first consumer to be created before binding'
      return this.#recordClaim(claim, 'Normal', 'WaitForFirstConsumer', message)
    }
    const message = `waiting for ${waiting.length > 1 ? 'pods' : 'pod'} ${names} to be scheduled`
    this.#recordClaim(claim, 'Normal', 'WaitForPodScheduled', message)
  }

  /** All provisioners are outside: the claim tells them that it is theirs. */
  async #provision(claim: PersistentVolumeClaim): Promise<void> {
    const name = classNameOf(claim)
    const provisioner = this.#classes.lister.get({ name })?.provisioner
    if (provisioner === undefined) {
      const message = `storageclass.storage.k8s.io ${quote(name)} not found`
      return this.#recordClaim(claim, 'Warning', 'ProvisioningFailed', message)
    }
    if (provisioner.startsWith('kubernetes.io/')) {
      const message = `no volume plugin matched name: ${provisioner}`
      return this.#recordClaim(claim, 'Warning', 'ProvisioningFailed', message)
    }
    const { annotations = {} } = claim.metadata
    let told = claim
    if (provisionerAnnotations.some((each) => annotations[each] !== provisioner)) {
      const added = Object.fromEntries(provisionerAnnotations.map((each) => [each, provisioner]))
      const metadata = { ...claim.metadata, annotations: { ...annotations, ...added } }
      told = this.#tools.claims.wrote(await this.#context.client.update(persistentvolumeclaims, { ...claim, metadata }))
    }
    const message =
      `Waiting for a volume to be created either by the external provisioner '${provisioner}' ` +
      'or manually by the system administrator. If volume creation is delayed, please verify that ' +
      'the provisioner is running and correctly registered.'
    this.#recordClaim(told, 'Normal', 'ExternalProvisioning', message)
  }

  async #syncVolume(volume: PersistentVolume): Promise<void> {
    const { claimRef } = volume.spec
    if (!claimRef?.uid) {
      await setVolumePhase(this.#tools, volume, 'Available')
      return
    }
    const claim = await this.#claimOf(claimRef, volume)
    if (!claim) return this.#release(volume)
    const { name = '' } = volume.metadata
    if (!claim.spec.volumeName) {
      if (!modesDiffer(claim, volume)) return this.#context.queue.add(claimPrefix + keyOf(claim))
      const why = 'due to incompatible volumeMode.'
      const claimName = quote(claim.metadata.name ?? '')
      const text = `Cannot bind PersistentVolume to requested PersistentVolumeClaim ${claimName} ${why}`
      this.#recordVolume(volume, 'Warning', 'VolumeMismatch', text)
      const message = `Cannot bind PersistentVolume ${quote(name)} to requested PersistentVolumeClaim ${why}`
      this.#recordClaim(claim, 'Warning', 'VolumeMismatch', message)
    } else if (claim.spec.volumeName === name) await setVolumePhase(this.#tools, volume, 'Bound')
    else if (isProvisioned(volume) && volume.spec.persistentVolumeReclaimPolicy === 'Delete')
      await this.#release(volume)
    else await unbind(this.#tools, volume)
  }

  /** The claim that a volume is bound to, by the server's own word where the informer does not know it. */
  async #claimOf(reference: ObjectReference, volume: PersistentVolume): Promise<PersistentVolumeClaim | undefined> {
    const { namespace = '', name = '', uid } = reference
    const known = this.#tools.claims.get(claimKey(reference))
    if (known?.metadata.uid === uid) return known
    const phase = volume.status?.phase
    if (!known && (phase === 'Released' || phase === 'Failed')) return undefined
    try {
      const claim = await this.#context.client.get(persistentvolumeclaims, { namespace, name })
      return claim.metadata.uid === uid ? claim : undefined
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  /** Nobody needs the volume any more. */
  async #release(volume: PersistentVolume): Promise<void> {
    const phase = volume.status?.phase
    const done = phase === 'Released' || phase === 'Failed'
    const released = done ? volume : await setVolumePhase(this.#tools, volume, 'Released')
    switch (released.spec.persistentVolumeReclaimPolicy) {
      case 'Retain':
        return
      case 'Recycle':
        return this.#fail(released, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!')
      case 'Delete': {
        // What a driver made, a driver deletes.
        const provisioner = released.metadata.annotations?.[provisionedBy] ?? ''
        if (released.spec.csi || (provisioner !== '' && !provisioner.startsWith('kubernetes.io/'))) return
        return this.#fail(released, 'VolumeFailedDelete', whyNotDeleted(released))
      }
      default:
        return this.#fail(
          released,
          'VolumeUnknownReclaimPolicy',
          'Volume has unrecognized PersistentVolumeReclaimPolicy',
        )
    }
  }

  async #fail(volume: PersistentVolume, reason: string, message: string): Promise<void> {
    if (volume.status?.phase === 'Failed') return
    const type: EventType = 'Warning'
    this.#recordVolume(await setVolumePhase(this.#tools, volume, 'Failed', message), type, reason, message)
  }
}

const claimKey = ({ namespace = '', name = '' }: ObjectReference): string => `${namespace}/${name}`

const isProvisioned = ({ metadata }: PersistentVolume): boolean => metadata.annotations?.[provisionedBy] !== undefined

/** The controllers have no hands on a node's files. */
function whyNotDeleted({ metadata, spec }: PersistentVolume): string {
  const path = spec.hostPath?.path
  if (path !== undefined && !/^\/tmp\/.+/.test(path)) {
    return `host_path deleter only supports /tmp/.+ but received provided ${path}`
  }
  // NFS may be recycled, which makes it known.
  const why = spec.nfs ? 'no deletable volume plugin matched' : 'no volume plugin matched'
  return `error getting deleter volume plugin for volume ${quote(metadata.name ?? '')}: ${why}`
}
