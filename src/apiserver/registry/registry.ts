import type { GroupResource } from '#machinery'
import type { ResourceWatches } from '../metrics/watches.ts'
import type { RequestContext } from '../request/context.ts'
import type { StoredResource } from '../resource/resource.ts'
import { ObjectStore } from './object-store.ts'
import type { ObjectStoreOptions } from './object-store.ts'
import { WatchHub } from './watch-hub.ts'

/** Everything there is of one stored resource: its objects, and who watches them. The verbs lie beside this file. */
export class Registry {
  readonly resource: StoredResource
  readonly objects: ObjectStore
  readonly hub: WatchHub
  /** Counts what becomes of watches. */
  readonly watches: ResourceWatches | undefined

  constructor(resource: StoredResource, options: ObjectStoreOptions) {
    this.resource = resource
    this.objects = new ObjectStore(resource, options)
    this.watches = options.metrics?.watches.of(resource.group, resource.plural)
    this.hub = new WatchHub(this.objects, options.turns, this.watches)
  }

  /** The resource by its own name. */
  get groupResource(): GroupResource {
    return { group: this.resource.group, resource: this.resource.plural }
  }

  /** The resource as errors name it: as the request does, since groups can share what is stored. */
  requestedAs({ info }: RequestContext): GroupResource {
    return info.resource === '' ? this.groupResource : { group: info.group, resource: info.resource }
  }
}
