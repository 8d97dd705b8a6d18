import { persistentvolumeclaims, persistentvolumes } from '#api/core/v1'
import type { AgentMetrics } from '../metrics/agent-metrics.ts'
import { ObjectCache } from '../objects/cache.ts'
import { TokenCache } from '../objects/tokens.ts'
import { VolumeManager } from '../volumes/manager.ts'
import type { VolumeSources } from '../volumes/plugin.ts'
import type { PartsOptions } from './options.ts'

/** Volumes, and the objects of the API that they show: a change of one is a change of the other. */
export interface Volumes {
  readonly objects: ObjectCache
  readonly volumes: VolumeManager
  readonly tokens: TokenCache
}

export function createVolumes(options: PartsOptions, metrics: AgentMetrics): Volumes {
  const { client, host, clock, log, record, node } = options
  const tokens = new TokenCache(client, clock)
  const objects = new ObjectCache({
    client,
    clock,
    follow: options.followObjects,
    changed: (kind, namespace, name) => {
      for (const pod of volumes.podsShowing(kind, namespace, name)) volumes.refresh(pod)
    },
  })
  const volumes = new VolumeManager({
    plugins: options.volumePlugins,
    metrics: metrics.volumes,
    files: host.volumes,
    sources: sourcesOf(options, objects, tokens),
    clock,
    log,
    allocatable: () => node.allocatable,
    podFolder: (uid) => host.files.podFolder(uid),
    record,
  })
  return { objects, volumes, tokens }
}

function sourcesOf({ client }: PartsOptions, objects: ObjectCache, tokens: TokenCache): VolumeSources {
  return {
    configMap: (namespace, name) => objects.configMap(namespace, name),
    secret: (namespace, name) => objects.secret(namespace, name),
    serviceAccountToken: (pod, request) => tokens.get(pod, request),
    claim: (namespace, name) => client.get(persistentvolumeclaims, { namespace, name }),
    persistentVolume: (name) => client.get(persistentvolumes, { name }),
    trustAnchors: () => Promise.reject(new Error('ClusterTrustBundle projection is not enabled in the API')),
  }
}
