import { aborted } from '#base'
import { apiVersionOf } from '#api'
import type { Resource } from '#api'
import { createInformer } from '#client'
import type { ControllerContext, DiscoveredResource, Discovery, EventHandler, Informer } from '#client'
import type { KubeObject } from '#machinery'
import { isBuiltIn } from '../common/meta/built-in.ts'
import type { DependencyGraph } from './graph.ts'

interface Monitor {
  readonly apiVersion: string
  readonly informer: Informer<KubeObject>
  stop(): void
}

/** Follows every resource whose objects can be deleted. */
export class Monitors {
  readonly #context: Pick<ControllerContext, 'client' | 'informers' | 'clock' | 'log'>
  readonly #graph: DependencyGraph
  readonly #monitors = new Map<string, Monitor>()
  /** By group and kind, then by version. */
  #resources = new Map<string, Map<string, Resource<KubeObject>>>()

  constructor(context: Pick<ControllerContext, 'client' | 'informers' | 'clock' | 'log'>, graph: DependencyGraph) {
    this.#context = context
    this.#graph = graph
  }

  /** Follows what the server offers now. @returns once the new informers have synced, or so many milliseconds are over. */
  async update({ resources, failed }: Discovery, patienceMs: number, signal: AbortSignal): Promise<void> {
    if (resources.length === 0) return
    this.#resources = byKind(resources)
    const wanted = new Map(resources.filter(isMonitored).map(({ resource }) => [nameOf(resource), resource]))
    for (const [name, monitor] of this.#monitors) {
      // A group that does not answer is not gone.
      if (wanted.has(name) || failed.includes(monitor.apiVersion)) continue
      monitor.stop()
      this.#monitors.delete(name)
    }
    const added: Informer<KubeObject>[] = []
    for (const [name, resource] of wanted) {
      if (this.#monitors.has(name)) continue
      const monitor = this.#start(resource, signal)
      this.#monitors.set(name, monitor)
      added.push(monitor.informer)
    }
    if (added.length > 0) await this.#synced(added, patienceMs, signal)
  }

  /** The resource of a kind; `undefined` for a kind that the server does not know. */
  resourceOf(apiVersion: string, kind: string): Resource<KubeObject> | undefined {
    const slash = apiVersion.indexOf('/')
    const group = slash < 0 ? '' : apiVersion.slice(0, slash)
    return this.#resources.get(`${group}/${kind}`)?.get(apiVersion.slice(slash + 1))
  }

  #start(resource: Resource<KubeObject>, signal: AbortSignal): Monitor {
    const apiVersion = apiVersionOf(resource)
    const kind = { apiVersion, kind: resource.kind }
    const graph = this.#graph
    const handler: EventHandler<KubeObject> = {
      added: (object) => graph.seen(kind, object),
      updated(old, object) {
        if (old.metadata.uid !== object.metadata.uid) graph.deleted(kind, old)
        graph.seen(kind, object, old.metadata.uid === object.metadata.uid ? old : undefined)
      },
      deleted: (object) => graph.deleted(kind, object),
    }
    if (isBuiltIn(resource)) {
      const informer = this.#context.informers.informer(resource)
      return { apiVersion, informer, stop: informer.addHandler(handler) }
    }
    // A custom resource may go: its informer is our own, so that it can be stopped.
    const stop = new AbortController()
    const { client, clock, log } = this.#context
    const informer = createInformer(client, resource, { clock, log, streamingList: false, transform: metadataOnly })
    informer.addHandler(handler)
    void informer.start(AbortSignal.any([signal, stop.signal]))
    return {
      apiVersion,
      informer,
      stop() {
        stop.abort()
        for (const object of informer.lister.list()) graph.deleted(kind, object)
      },
    }
  }

  async #synced(informers: readonly Informer<KubeObject>[], patienceMs: number, signal: AbortSignal): Promise<void> {
    const enough = new AbortController()
    const either = AbortSignal.any([signal, enough.signal])
    const end = aborted(either)
    const cancel = this.#context.clock.timer(patienceMs, () => enough.abort())
    const all = Promise.all(informers.map((informer) => informer.synced()))
    await Promise.race([all, end.promise])
    cancel()
    end.cancel()
    if (informers.some((informer) => !informer.hasSynced())) {
      this.#context.log.warn('Not all resource monitors could be synced, proceeding anyways')
    }
  }
}

const monitoredVerbs = ['delete', 'list', 'watch']

function isMonitored({ resource, verbs, preferred }: DiscoveredResource): boolean {
  const isEvent = resource.plural === 'events' && (resource.group === '' || resource.group === 'events.k8s.io')
  return preferred && !isEvent && monitoredVerbs.every((verb) => verbs.includes(verb))
}

const nameOf = (resource: Resource): string => `${apiVersionOf(resource)}/${resource.plural}`

function metadataOnly({ metadata }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, ownerReferences, finalizers, deletionTimestamp } = metadata
  return {
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
  }
}

function byKind(resources: readonly DiscoveredResource[]): Map<string, Map<string, Resource<KubeObject>>> {
  const kinds = new Map<string, Map<string, Resource<KubeObject>>>()
  for (const { resource } of resources) {
    const key = `${resource.group}/${resource.kind}`
    const versions = kinds.get(key) ?? new Map<string, Resource<KubeObject>>()
    if (!versions.has(resource.version)) versions.set(resource.version, resource)
    kinds.set(key, versions)
  }
  return kinds
}
