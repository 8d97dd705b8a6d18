import { sleep } from '#base'
import type { Clock } from '#base'
import { persistentvolumeclaims, persistentvolumes } from '#api/core/v1'
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '#api/core/v1'
import type { Client } from '#client'
import { keyOf } from '#machinery'
import type { Cache } from '../../cache/cache.ts'
import { revision } from './assumed.ts'
import type { Assumed } from './assumed.ts'
import { boundVolume, reaches } from './match.ts'
import { isFullyBound, selectedNodeAnnotation, VolumeError } from './pod-volumes.ts'
import type { PodVolumes } from './pod-volumes.ts'

/** Volumes and claims as they will be when they are bound. */
export interface Plan {
  readonly volumes: readonly PersistentVolume[]
  readonly bound: readonly PersistentVolumeClaim[]
  readonly provisions: readonly PersistentVolumeClaim[]
}

/** So often it is looked whether the volumes are there. */
const pollMs = 1000

export interface VolumeBinderOptions {
  readonly client: Client
  readonly clock: Clock
  readonly cache: Cache
  readonly claims: Assumed<PersistentVolumeClaim>
  readonly volumes: Assumed<PersistentVolume>
  /** How long volumes may take to come. */
  readonly timeoutMs: number
}

/** Binds claims to volumes and has volumes made. */
export class VolumeBinder {
  readonly #options: VolumeBinderOptions

  constructor(options: VolumeBinderOptions) {
    this.#options = options
  }

  /** Takes volumes and claims to be bound already, so that no other pod gets them. */
  assume({ bindings, provisions }: PodVolumes, node: string): Plan {
    const plan: Plan = {
      volumes: bindings.map(({ claim, volume }) => boundVolume(volume, claim)),
      bound: bindings.map(({ claim }) => claim),
      provisions: provisions.map((claim) => ({
        ...claim,
        metadata: {
          ...claim.metadata,
          annotations: { ...claim.metadata.annotations, [selectedNodeAnnotation]: node },
        },
      })),
    }
    for (const volume of plan.volumes) this.#options.volumes.assume(volume)
    for (const claim of plan.provisions) this.#options.claims.assume(claim)
    return plan
  }

  revert({ volumes, provisions }: Plan): void {
    for (const volume of volumes) this.#options.volumes.restore(volume)
    for (const claim of provisions) this.#options.claims.restore(claim)
  }

  /** Writes what was assumed and waits until all claims are bound. @throws when that fails or takes too long. */
  async bind(plan: Plan, pod: Pod, node: string, signal: AbortSignal): Promise<void> {
    const { client, clock, timeoutMs } = this.#options
    const written: Plan = { ...plan, volumes: [], provisions: [] }
    const volumes: PersistentVolume[] = []
    const provisions: PersistentVolumeClaim[] = []
    for (const volume of plan.volumes) volumes.push(await client.update(persistentvolumes, volume, { signal }))
    for (const claim of plan.provisions) provisions.push(await client.update(persistentvolumeclaims, claim, { signal }))
    const start = clock.monotonic()
    while (!this.#isDone({ ...written, volumes, provisions }, pod, node)) {
      if (clock.monotonic() - start >= timeoutMs) {
        throw new VolumeError('binding volumes: context deadline exceeded')
      }
      await sleep(clock, pollMs, signal)
    }
  }

  /** @throws VolumeError when it can't be done any more. */
  #isDone({ volumes, bound, provisions }: Plan, pod: Pod, nodeName: string): boolean {
    const node = this.#options.cache.nodes.get(nodeName)?.node
    const refuse = (why: string): never => {
      throw new VolumeError(`binding volumes: ${why}`)
    }
    if (!node)
      return refuse(`failed to get node ${JSON.stringify(nodeName)}: node ${JSON.stringify(nodeName)} not found`)
    const { claims, volumes: known } = this.#options
    for (const [i, written] of volumes.entries()) {
      const volume = known.stored(keyOf(written))
      const claim = claims.stored(keyOf(bound[i]!))
      const name = JSON.stringify(written.metadata.name)
      if (!volume || !claim) return refuse(`failed to check binding: ${name} is gone`)
      if (revision(written) > revision(volume)) return false
      if (!reaches(volume, node))
        return refuse(`pv ${name} node affinity doesn't match node ${JSON.stringify(nodeName)}`)
      if (!volume.spec?.claimRef?.uid) return refuse(`ClaimRef got reset for pv ${name}`)
      if (!isFullyBound(claim)) return false
    }
    for (const written of provisions) {
      const claim = claims.stored(keyOf(written))
      const name = JSON.stringify(written.metadata.name)
      if (!claim) return refuse(`failed to check provisioning pvc: ${name} is gone`)
      if (revision(written) > revision(claim)) return false
      if (claim.metadata.annotations === undefined) return refuse(`selectedNode annotation reset for PVC ${name}`)
      if (claim.metadata.annotations[selectedNodeAnnotation] !== nodeName) {
        return refuse(`provisioning failed for PVC ${name}`)
      }
      const volume = claim.spec?.volumeName ? known.stored(claim.spec.volumeName) : undefined
      if (claim.spec?.volumeName && !volume) return false
      if (volume && !reaches(volume, node)) {
        const where = `node affinity doesn't match node ${JSON.stringify(nodeName)}`
        return refuse(`pv ${JSON.stringify(volume.metadata.name)} ${where}`)
      }
      if (!isFullyBound(claim)) return false
    }
    return pod.metadata.name !== undefined
  }
}
