import { numberMark } from '../load/request.ts'

/** Objects as they are sent. `########` becomes a number. */

const labels = { app: 'bench' }

export const namespace = (name: string): string => JSON.stringify({ metadata: { name } })

export const serviceAccount = (name: string): string => JSON.stringify({ metadata: { name } })

/** With 1 KB of data. */
export const configMap = (name: string): string =>
  JSON.stringify({ metadata: { name, labels }, data: { text: 'x'.repeat(1000) } })

/** A pod as they are in clusters, of two containers with probes, limits and environment. */
export const podToRead = (name: string): string =>
  JSON.stringify(
    podObject(name, [
      ['server', 8080],
      ['proxy', 8081],
    ]),
  )

function podObject(name: string, containers: readonly (readonly [name: string, port: number])[]) {
  const container = ([called, port]: readonly [string, number]): object => ({
    name: called,
    image: `registry.example.com/team/${called}:1.2.3`,
    ports: [{ name: 'http', containerPort: port }],
    env: [
      { name: 'MODE', value: 'production' },
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    ],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5 },
    livenessProbe: { httpGet: { path: '/live', port: 'http' }, initialDelaySeconds: 10 },
    volumeMounts: [{ name: 'work', mountPath: '/work' }],
  })
  return {
    metadata: { name, labels: { ...labels, 'pod-template-hash': '5d9c7f6b8' } },
    spec: { containers: containers.map(container), volumes: [{ name: 'work', emptyDir: {} }] },
  }
}

/** A pod of a ReplicaSet on a node, of one container: about 4 KB with what API servers add. */
export function podOnNode(name: string): string {
  const { metadata, spec } = podObject(name, [['server', 8080]])
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'server-5d9c7f6b8', controller: true }
  return JSON.stringify({
    metadata: {
      ...metadata,
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' },
      ownerReferences: [{ ...owner, uid: '6a2f41a3-c54c-4f5b-8a3c-1f0a5d5a5c11', blockOwnerDeletion: true }],
    },
    spec: { ...spec, nodeName: 'node-1' },
  })
}

const since = '2026-11-21T12:00:00Z'

/** What a kubelet patches when the containers of a pod became ready: of conditions those that changed, of containers all. */
export function podStatusPatch(): string {
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']
  const status = {
    containerID: `containerd://2f5f0b3c6a1d4e7f8a9b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b${numberMark}`,
    image: 'registry.example.com/team/server:1.2.3',
    imageID: 'registry.example.com/team@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    lastState: {},
    name: 'server',
    ready: true,
    restartCount: 0,
    started: true,
    state: { running: { startedAt: since } },
  }
  return JSON.stringify({
    status: {
      '$setElementOrder/conditions': types.map((type) => ({ type })),
      conditions: types
        .slice(0, 4)
        .map((type) => ({ lastProbeTime: null, lastTransitionTime: since, status: 'True', type })),
      containerStatuses: [status],
      hostIP: '10.0.0.1',
      hostIPs: [{ ip: '10.0.0.1' }],
      phase: 'Running',
      podIP: '10.1.0.5',
      podIPs: [{ ip: '10.1.0.5' }],
      startTime: since,
    },
  })
}

/** A Deployment as it is applied; each time in another version. */
export function deploymentToApply(name: string): string {
  const { spec } = podObject(name, [['server', 8080]])
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels, annotations: { 'example.com/build': numberMark } },
    spec: { replicas: 3, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  })
}

/** A pod that asks for what upstream's scheduler_perf asks for. */
export const podToBind = (name: string, run: string): string =>
  JSON.stringify({
    metadata: { name, labels: { ...labels, run } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'pause',
          image: 'registry.k8s.io/pause:3.10',
          resources: { requests: { cpu: '100m', memory: '500Mi' } },
        },
      ],
    },
  })
