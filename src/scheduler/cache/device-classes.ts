import { deviceclasses } from '#api/resource/v1'
import type { DeviceClass } from '#api/resource/v1'
import type { InformerFactory, Lister } from '#client'
import { isExtendedResource } from './amounts.ts'

const classPrefix = 'deviceclass.resource.kubernetes.io/'

/** Resources that pods ask for by name, and that devices may stand for (KEP-5004). */
export function mayBeDevices(resource: string): boolean {
  return isExtendedResource(resource) || resource.startsWith(classPrefix)
}

/** Which classes of devices stand for extended resources. */
export class DeviceClasses {
  readonly #lister: Lister<DeviceClass>
  /** Moves when classes change. */
  epoch = 0
  #byResource = new Map<string, DeviceClass>()
  #at = -1

  constructor(informers: Pick<InformerFactory, 'informer'>) {
    const informer = informers.informer(deviceclasses)
    this.#lister = informer.lister
    const moved = (): void => void this.epoch++
    informer.addHandler({ added: moved, updated: moved, deleted: moved })
  }

  /** The class whose devices stand for a resource: the newest of several, of these the first by name. */
  classFor(resource: string): DeviceClass | undefined {
    if (this.#at !== this.epoch) {
      this.#byResource = new Map()
      for (const one of [...this.#lister.list()].sort(byAge)) {
        this.#byResource.set(classPrefix + (one.metadata.name ?? ''), one)
        const { extendedResourceName } = one.spec
        if (extendedResourceName !== undefined) this.#byResource.set(extendedResourceName, one)
      }
      this.#at = this.epoch
    }
    return this.#byResource.get(resource)
  }
}

/** The one that counts comes last. */
function byAge(a: DeviceClass, b: DeviceClass): number {
  const age = ({ metadata }: DeviceClass): number => Date.parse(metadata.creationTimestamp ?? '') || 0
  return age(a) - age(b) || ((a.metadata.name ?? '') > (b.metadata.name ?? '') ? -1 : 1)
}

const known = new WeakMap<object, DeviceClasses>()

/** The classes that all plugins of a scheduler look at. @param cache that of the scheduler */
export function deviceClassesOf(cache: object, informers: Pick<InformerFactory, 'informer'>): DeviceClasses {
  let classes = known.get(cache)
  if (!classes) known.set(cache, (classes = new DeviceClasses(informers)))
  return classes
}
