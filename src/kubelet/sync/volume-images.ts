import { podReference } from '#client'
import type { Container, EphemeralContainer, Pod, Secret } from '#api/core/v1'
import { specOf } from '../pods/containers.ts'
import { containerReference } from '../pods/reference.ts'
import type { ImageSpec } from '../runtime/images.ts'
import type { NodeServices } from '../services.ts'
import type { StartOutcome } from './start-container.ts'

export interface VolumeImages {
  /** By volume. */
  readonly images: ReadonlyMap<string, ImageSpec>
  /** Why a container can't start: an image that it mounts is not there. */
  failureOf(container: Container | EphemeralContainer): StartOutcome | undefined
}

/** Sees to it that images which the pod mounts as volumes are on the machine. */
export async function pullVolumeImages(
  services: NodeServices,
  pod: Pod,
  pullSecrets: readonly Secret[],
): Promise<VolumeImages> {
  const images = new Map<string, ImageSpec>()
  const failures = new Map<string, StartOutcome>()
  for (const { name, image } of specOf(pod).volumes ?? []) {
    if (!image) continue
    const outcome = await services.images.ensure({
      pod,
      image: image.reference ?? '',
      policy: image.pullPolicy ?? 'IfNotPresent',
      reference: podReference(pod),
      pullSecrets,
    })
    if ('reason' in outcome) failures.set(name, outcome)
    else images.set(name, { image: outcome.imageRef, userSpecifiedImage: image.reference ?? '' })
  }
  return {
    images,
    failureOf: (container) => {
      for (const { name } of container.volumeMounts ?? []) {
        const failure = failures.get(name)
        if (!failure) continue
        services.record(containerReference(pod, container), 'Warning', 'Failed', `Error: ${failure.reason}`)
        return failure
      }
      return undefined
    },
  }
}
