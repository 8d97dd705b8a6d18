import { headText, labelText } from '#machinery'
import type { KubeObject } from '#machinery'
import type { APIService } from '#api/apiregistration/v1'
import type { ApiResponse } from '#client'
import { isAvailable } from '../aggregation/service.ts'
import type { NonResourceHandler } from '../chain/handler.ts'
import { versionInfo } from '../discovery/version.ts'
import type { HealthRecord } from '../health/health.ts'
import { storedRegistry } from '../registry/follow.ts'
import type { StoredResource } from '../resource/resource.ts'
import type { Services } from '../services.ts'
import type { RequestMetrics } from './requests.ts'

const encoder = new TextEncoder()
const contentType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores'

/** Further lines of `/metrics`: of the process, which only the host knows, or of other parts. */
export type MetricsSource = () => string | Promise<string>

/** `/metrics` and `/metrics/slis`, in Prometheus' text format. */
export function createMetrics(
  requests: RequestMetrics,
  health: HealthResults,
  sources: readonly MetricsSource[],
): NonResourceHandler {
  return async ({ info: { path }, services }) => {
    if (path === '/metrics/slis') return respond(health.text())
    if (path !== '/metrics') return undefined
    const others = await Promise.all(sources.map(async (source) => source()))
    const own = [requests.text(), objectsText(services), sizeText(services), availabilityText(services), buildText()]
    return respond([...own, ...others].join(''))
  }
}

function respond(text: string): ApiResponse {
  return { kind: 'bytes', code: 200, contentType, bytes: encoder.encode(text) }
}

/** How many objects there are of each resource. */
function objectsText(services: Services): string {
  const stored = new Set<StoredResource>()
  for (const { backing } of services.resources) if (backing.kind === 'stored') stored.add(backing.resource)
  let byResource = headText('apiserver_resource_objects', 'gauge', 'Objects that are stored, by resource.')
  let byName = headText('apiserver_storage_objects', 'gauge', 'Objects that are stored, by resource and group.')
  for (const resource of stored) {
    const { objects } = services.registryOf(resource)
    const count = objects.store.snapshot().count(objects.range(''))
    const { group, plural } = resource
    byResource += `apiserver_resource_objects${labelText({ group, resource: plural })} ${count}\n`
    const name = group === '' ? plural : `${plural}.${group}`
    byName += `apiserver_storage_objects${labelText({ resource: name })} ${count}\n`
  }
  return byResource + byName
}

/** Dashboards and alerts know the store by this name, whatever it is. */
const storeLabels = labelText({ storage_cluster_id: 'etcd-0' })

function sizeText({ store }: Services): string {
  const bytes = store.bytesOnDisk?.()
  if (bytes === undefined) return ''
  const head = headText('apiserver_storage_size_bytes', 'gauge', 'Bytes that the store takes on disk.')
  return `${head}apiserver_storage_size_bytes${storeLabels} ${bytes}\n`
}

/** Which APIServices nobody answers for. */
function availabilityText(services: Services): string {
  const name = 'aggregator_unavailable_apiservice'
  let text = headText(name, 'gauge', 'Whether an APIService is unavailable: 1 when it is.')
  const { objects } = storedRegistry(services, 'apiregistration.k8s.io', 'apiservices')
  for (const service of objects.all('') as Iterable<APIService & KubeObject>)
    text += `${name}${labelText({ name: service.metadata.name ?? '' })} ${isAvailable(service) ? 0 : 1}\n`
  return text
}

function buildText(): string {
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
  const head = headText('kubernetes_build_info', 'gauge', 'What was built, as labels.')
  return `${head}kubernetes_build_info${labelText(labels)} 1\n`
}

/** What became of health checks. */
export class HealthResults implements HealthRecord {
  readonly #last = new Map<
    string,
    { readonly labels: { readonly name: string; readonly type: string }; value: number }
  >()
  readonly #counts = new Map<string, number>()

  record(name: string, type: string, healthy: boolean): void {
    if (type === 'healthz') return
    const labels = { name, type }
    this.#last.set(labelText(labels), { labels, value: healthy ? 1 : 0 })
    const counted = labelText({ ...labels, status: healthy ? 'success' : 'error' })
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1)
  }

  text(): string {
    let gauge = headText('kubernetes_healthcheck', 'gauge', 'Result of the newest check: 1 when it passed.')
    for (const [labels, { value }] of this.#last) gauge += `kubernetes_healthcheck${labels} ${value}\n`
    let counter = headText('kubernetes_healthchecks_total', 'counter', 'Checks by what became of them.')
    for (const [labels, count] of this.#counts) counter += `kubernetes_healthchecks_total${labels} ${count}\n`
    return gauge + counter
  }
}
