import type { APIService } from '#api/apiregistration/v1'
import { gathered } from '#machinery'
import type { KubeObject, MetricFamily, Sample } from '#machinery'
import { isAvailable } from '../aggregation/service.ts'
import { versionInfo } from '../discovery/version.ts'
import { storedRegistry } from '../registry/follow.ts'
import { allocatorsOf } from '../resources/core/services/allocation/allocators.ts'
import type { StoredResource } from '../resource/resource.ts'
import type { Services } from '../services.ts'
import { usageFamilies } from './allocations.ts'

/** What there is when somebody asks: objects, what the store takes, who answers, what was built. */
export function stateFamilies(services: Services): readonly MetricFamily[] {
  return [
    ...objectFamilies(services),
    ...allocationFamilies(services),
    sizeFamily(services),
    availabilityFamily(services),
    buildFamily,
    versionFamily,
  ]
}

/** How many objects there are of each resource, and what they take. */
function objectFamilies(services: Services): readonly MetricFamily[] {
  const stored = new Set<StoredResource>()
  for (const { backing } of services.resources) if (backing.kind === 'stored') stored.add(backing.resource)
  const each = (name: string, help: string, sample: (resource: StoredResource) => Sample): MetricFamily =>
    gathered('gauge', name, help, () => [...stored].map(sample))
  const countOf = (resource: StoredResource): number => {
    const { objects } = services.registryOf(resource)
    return objects.store.snapshot().count(objects.range(''))
  }
  return [
    each('apiserver_resource_objects', 'Objects that are stored, by resource.', (resource) => ({
      labels: { group: resource.group, resource: resource.plural },
      value: countOf(resource),
    })),
    each('apiserver_storage_objects', 'Objects that are stored, by resource and group.', (resource) => {
      const { group, plural } = resource
      return { labels: { resource: group === '' ? plural : `${plural}.${group}` }, value: countOf(resource) }
    }),
  ]
}

function allocationFamilies(services: Services): readonly MetricFamily[] {
  const { addresses, ports } = allocatorsOf(services)
  return usageFamilies(
    () => addresses.usage(),
    () => ports.usage(),
  )
}

/** Dashboards and alerts know the store by this name, whatever it is. */
const storeLabels = { storage_cluster_id: 'etcd-0' }

function sizeFamily({ store }: Services): MetricFamily {
  return gathered('gauge', 'apiserver_storage_size_bytes', 'Bytes that the store takes on disk.', () => {
    const value = store.bytesOnDisk?.()
    return value === undefined ? [] : [{ labels: storeLabels, value }]
  })
}

/** Which APIServices nobody answers for. */
function availabilityFamily(services: Services): MetricFamily {
  const help = 'Whether an APIService is unavailable: 1 when it is.'
  return gathered('gauge', 'aggregator_unavailable_apiservice', help, () => {
    const { objects } = storedRegistry(services, 'apiregistration.k8s.io', 'apiservices')
    return [...(objects.all('') as Iterable<APIService & KubeObject>)].map((service) => ({
      labels: { name: service.metadata.name ?? '' },
      value: isAvailable(service) ? 0 : 1,
    }))
  })
}

const buildFamily = gathered('gauge', 'kubernetes_build_info', 'What was built, as labels.', () => {
  const { major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform } = versionInfo
  const labels = {
    major,
    minor,
    git_version: gitVersion,
    git_commit: gitCommit,
    git_tree_state: gitTreeState,
    build_date: buildDate,
    go_version: goVersion,
    compiler,
    platform,
  }
  return [{ labels, value: 1 }]
})

/** Which release a server behaves as (KEP-4330). */
const versionFamily = gathered('gauge', 'version_info', 'Releases that the server is, behaves as, and fits to.', () => {
  const { gitVersion, emulationMajor, emulationMinor, minCompatibilityMajor, minCompatibilityMinor } = versionInfo
  const labels = {
    binary: gitVersion.slice(1),
    component: 'kube',
    emulation: `${emulationMajor}.${emulationMinor}`,
    min_compat: `${minCompatibilityMajor}.${minCompatibilityMinor}`,
  }
  return [{ labels, value: 1 }]
})
