import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unpacked } from '../tools/debian.ts'
import { E2eCluster, eventually } from './support/cluster.ts'
import { machineMissing } from './support/machine.ts'

const missing = await machineMissing()

const roles = ['node', 'service', 'pod', 'endpoints', 'endpointslice', 'ingress'] as const
type Role = (typeof roles)[number]

const objects = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}, annotations: {note: seen}}
    spec: {containers: [{name: web, image: web, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {rules: [{host: example.test, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
`

interface Target {
  readonly discoveredLabels: { readonly [name: string]: string }
  readonly health?: string
}

/** Prometheus that discovers by every role, and scrapes the API server. */
class Prometheus {
  readonly #cluster: E2eCluster
  readonly #address = '127.0.0.1:9090'

  private constructor(cluster: E2eCluster) {
    this.#cluster = cluster
  }

  static async start(cluster: E2eCluster): Promise<Prometheus> {
    const folder = await unpacked(['prometheus'])
    const token = join(cluster.machine.folder, 'token')
    await cluster.kubectl('create serviceaccount prometheus')
    await cluster.kubectl(
      'create clusterrolebinding prometheus --clusterrole=cluster-admin --serviceaccount=default:prometheus',
    )
    await writeFile(token, (await cluster.kubectl('create token prometheus')).trim())
    const discovering = (role: string): object[] => [{ role, kubeconfig_file: cluster.kubeconfig }]
    const none = { source_labels: ['__address__'], action: 'drop', regex: '.*' }
    const api = { source_labels: ['__meta_kubernetes_namespace', '__meta_kubernetes_service_name'], action: 'keep' }
    const configuration = {
      global: { scrape_interval: '1s' },
      scrape_configs: [
        // What is discovered counts; nothing listens there.
        ...roles.map((role) => ({
          job_name: role,
          kubernetes_sd_configs: discovering(role),
          relabel_configs: [none],
        })),
        {
          job_name: 'apiserver',
          scheme: 'https',
          kubernetes_sd_configs: discovering('endpoints'),
          relabel_configs: [{ ...api, regex: 'default;kubernetes' }],
          authorization: { credentials_file: token },
          tls_config: { insecure_skip_verify: true },
        },
      ],
    }
    const file = join(cluster.machine.folder, 'prometheus.yml')
    await writeFile(file, JSON.stringify(configuration))
    const prometheus = new Prometheus(cluster)
    const words = [`--config.file=${file}`, `--storage.tsdb.path=${join(cluster.machine.folder, 'series')}`]
    const program = join(folder, 'usr', 'bin', 'prometheus')
    await cluster.machine.start(
      ['sh', '-c', 'exec "$@" 2>&1', 'sh', program, ...words, `--web.listen-address=${prometheus.#address}`],
      'Server is ready to receive web requests',
    )
    return prometheus
  }

  /** What a job has found, in the order of addresses. */
  async targets(job: string): Promise<Target[]> {
    const { activeTargets, droppedTargets } = await this.#ask<{
      readonly activeTargets: readonly Target[]
      readonly droppedTargets: readonly Target[]
    }>('targets?state=any')
    return [...activeTargets, ...droppedTargets]
      .filter(({ discoveredLabels }) => discoveredLabels['job'] === job)
      .sort((a, b) => ((a.discoveredLabels['__address__'] ?? '') < (b.discoveredLabels['__address__'] ?? '') ? -1 : 1))
  }

  /** Values of a label of what a role has found in the default namespace, or outside of all. */
  async values(role: Role, label: string): Promise<string[]> {
    const found = (await this.targets(role)).map(({ discoveredLabels }) => discoveredLabels)
    const here = found.filter((labels) => (labels['__meta_kubernetes_namespace'] ?? 'default') === 'default')
    return here.map((labels) => labels[`__meta_kubernetes_${label}`] ?? '').filter((value) => value !== '')
  }

  async query(expression: string): Promise<number> {
    const { result } = await this.#ask<{ readonly result: readonly { readonly value: readonly [number, string] }[] }>(
      `query?query=${encodeURIComponent(expression)}`,
    )
    return Number(result[0]?.value[1])
  }

  async #ask<T>(path: string): Promise<T> {
    const { code, out, err } = await this.#cluster.machine.run([
      'curl',
      '-sSf',
      `http://${this.#address}/api/v1/${path}`,
    ])
    if (code !== 0) throw new Error(`prometheus: ${err}`)
    return (JSON.parse(out) as { readonly data: T }).data
  }
}

describe.skipIf(missing)(`Prometheus${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('discovers nodes, services, pods, endpoints, slices and ingresses, follows them, and scrapes the API server', async () => {
    await using cluster = await E2eCluster.start({ flags: ['--runtime', 'simulated', '--nodes', '2'] })
    await cluster.apply(objects)
    await cluster.kubectl('rollout status deployment/web')
    const prometheus = await Prometheus.start(cluster)
    const pods = (): Promise<string[]> =>
      cluster.kubectl('get pods -l app=web -o name').then((text) => text.trim().split('\n'))

    const shows = async (names: readonly string[]): Promise<void> => {
      const bare = names.map((name) => name.replace('pod/', '')).sort()
      expect((await prometheus.values('pod', 'pod_name')).sort()).toEqual(bare)
      for (const role of ['endpoints', 'endpointslice'] as const) {
        expect((await prometheus.values(role, 'pod_name')).sort()).toEqual(bare)
      }
    }
    const begun = await pods()
    await eventually(() => shows(begun))
    expect((await prometheus.values('node', 'node_name')).sort()).toEqual([`${cluster.name}-1`, `${cluster.name}-2`])
    expect(await prometheus.values('pod', 'pod_annotation_note')).toEqual(['seen', 'seen'])
    expect(await prometheus.values('pod', 'pod_controller_kind')).toEqual(['ReplicaSet', 'ReplicaSet'])
    expect(await prometheus.values('pod', 'pod_ready')).toEqual(['true', 'true'])
    expect((await prometheus.values('service', 'service_name')).sort()).toEqual(['kubernetes', 'web'])
    expect(await prometheus.values('ingress', 'ingress_host')).toEqual(['example.test'])
    expect(await prometheus.values('ingress', 'ingress_path')).toEqual(['/'])

    await cluster.kubectl('scale deployment/web --replicas=4')
    await cluster.kubectl('rollout status deployment/web')
    const grown = await pods()
    expect(grown).toHaveLength(4)
    await eventually(() => shows(grown))
    await cluster.kubectl('delete deployment/web service/web ingress/web')
    await eventually(async () => {
      await shows([])
      expect(await prometheus.values('service', 'service_name')).toEqual(['kubernetes'])
      expect(await prometheus.values('ingress', 'ingress_name')).toEqual([])
    })

    await eventually(async () => {
      expect((await prometheus.targets('apiserver')).filter(({ health }) => health === 'up')).toHaveLength(1)
      expect(await prometheus.query('sum(apiserver_request_total{verb="CREATE",resource="deployments"})')).toBe(1)
    })
  })
})
