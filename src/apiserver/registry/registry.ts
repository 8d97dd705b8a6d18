import type { GroupResource } from '#machinery'
import type { StoredResource } from '../resource/resource.ts'
import { ObjectStore } from './object-store.ts'
import type { ObjectStoreOptions } from './object-store.ts'
import { WatchHub } from './watch-hub.ts'

/** Everything there is of one stored resource: its objects, and who watches them. The verbs lie beside this file. */
export class Registry {
  readonly resource: StoredResource
  readonly objects: ObjectStore
  readonly hub: WatchHub

  constructor(resource: StoredResource, options: ObjectStoreOptions) {
    this.resource = resource
    this.objects = new ObjectStore(resource, options)
    this.hub = new WatchHub(this.objects)
  }

  /** The resource as errors name it. */
  get groupResource(): GroupResource {
    return { group: this.resource.group, resource: this.resource.plural }
  }
}
