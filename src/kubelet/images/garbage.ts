import type { Clock } from '#base'
import type { RuntimeImage } from '../runtime/images.ts'
import type { ContainerRuntime } from '../runtime/runtime.ts'
import type { Measures } from '../seams/measures.ts'

export interface ImageGarbageOptions {
  readonly clock: Clock
  readonly runtime: Pick<ContainerRuntime, 'images' | 'listContainers'>
  readonly measures: Measures
  /** Percent of the file system above which images are removed, and down to which. */
  readonly highPercent: number
  readonly lowPercent: number
  /** Milliseconds that an image stays at least after it came. */
  readonly minAgeMs: number
  /** Milliseconds without use after which an image goes in any case; 0 for never. */
  readonly maxAgeMs: number
}

interface Known {
  readonly since: number
  lastUsed: number
}

/** Not all of what was asked for could be freed. */
export class ImagesStay extends Error {}

/** Removes images that no container uses, those unused for longest first, when their file system fills up. */
export class ImageGarbage {
  readonly #options: ImageGarbageOptions
  readonly #known = new Map<string, Known>()

  constructor(options: ImageGarbageOptions) {
    this.#options = options
  }

  /** Frees space if need be. @throws ImagesStay when there is not enough to free, RuntimeError */
  async collect(): Promise<void> {
    const unused = await this.#look()
    const { clock, runtime, measures, highPercent, lowPercent, maxAgeMs } = this.#options
    const now = clock.now()
    const kept: RuntimeImage[] = []
    for (const image of unused) {
      const { lastUsed = now, since = now } = this.#known.get(image.id) ?? {}
      if (maxAgeMs > 0 && now - Math.max(lastUsed, since) > maxAgeMs) await this.#remove(image)
      else kept.push(image)
    }
    const [filesystem] = await runtime.images.filesystems()
    if (!filesystem) return
    const { capacityBytes, availableBytes } = await measures.space(filesystem.mountpoint)
    if (capacityBytes === 0) throw new Error('invalid capacity 0 on image filesystem')
    const percent = 100 - Math.trunc((availableBytes * 100) / capacityBytes)
    if (percent < highPercent) return
    const wanted = (capacityBytes * (100 - lowPercent)) / 100 - availableBytes
    const freed = await this.#free(kept, wanted)
    if (freed < wanted) {
      const asked = Math.trunc(wanted)
      throw new ImagesStay(
        `Failed to garbage collect required amount of images. Attempted to free ${asked} bytes, but only found ${freed} bytes eligible to free.`,
      )
    }
  }

  /** Removes every image that is not in use, whatever its age; resolves with the bytes freed. */
  async removeUnused(): Promise<number> {
    const unused = await this.#look()
    let freed = 0
    for (const image of unused) {
      await this.#remove(image)
      freed += image.size
    }
    return freed
  }

  async #free(unused: readonly RuntimeImage[], wanted: number): Promise<number> {
    const { clock, minAgeMs } = this.#options
    let freed = 0
    for (const image of unused) {
      if (freed >= wanted) break
      const since = this.#known.get(image.id)?.since ?? clock.now()
      if (clock.now() - since < minAgeMs) continue
      await this.#remove(image)
      freed += image.size
    }
    return freed
  }

  async #remove({ id }: RuntimeImage): Promise<void> {
    await this.#options.runtime.images.remove({ image: id })
    this.#known.delete(id)
  }

  /** Notes which images are in use; resolves with those that are not, unused for longest first. */
  async #look(): Promise<RuntimeImage[]> {
    const { clock, runtime } = this.#options
    const [images, containers] = await Promise.all([runtime.images.list(), runtime.listContainers()])
    const used = new Set(containers.flatMap(({ imageRef, image }) => [imageRef, image.image]))
    const now = clock.now()
    const present = new Set(images.map(({ id }) => id))
    for (const id of this.#known.keys()) if (!present.has(id)) this.#known.delete(id)
    const unused: RuntimeImage[] = []
    for (const image of images) {
      const { id, pinned = false, repoTags = [], repoDigests = [] } = image
      const known = this.#known.get(id) ?? { since: now, lastUsed: 0 }
      this.#known.set(id, known)
      if ([id, ...repoTags, ...repoDigests].some((name) => used.has(name))) known.lastUsed = now
      else if (!pinned) unused.push(image)
    }
    const at = ({ id }: RuntimeImage): Known => this.#known.get(id) ?? { since: 0, lastUsed: 0 }
    return unused.sort((a, b) => at(a).lastUsed - at(b).lastUsed || at(a).since - at(b).since)
  }
}
