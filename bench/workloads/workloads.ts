import type { Node, Pod, PodAffinityTerm, PodSpec } from '#api/core/v1'

/** What is put into a cluster, in the manner of upstream's scheduler_perf. */
export interface Workload {
  readonly name: string
  readonly nodes: (count: number) => readonly Node[]
  /** On nodes before the measurement begins. */
  readonly placed: (nodes: number, pods: number) => readonly Pod[]
  /** Scheduled while time is taken. */
  readonly pods: (nodes: number, pods: number) => readonly Pod[]
}

const zoneKey = 'topology.kubernetes.io/zone'
const hostKey = 'kubernetes.io/hostname'

function makeNode(index: number, cpu = '4'): Node {
  const name = `node-${index}`
  const amounts = { cpu, memory: '32Gi', pods: '110' }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { [hostKey]: name, [zoneKey]: `zone-${index % 3}` } },
    spec: {},
    status: { capacity: amounts, allocatable: amounts, conditions: [{ type: 'Ready', status: 'True' }] },
  }
}

function makePod(name: string, spec: Partial<PodSpec> = {}, labels: { readonly [key: string]: string } = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name, labels },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'pause',
          image: 'registry.k8s.io/pause:3.10',
          resources: { requests: { cpu: '100m', memory: '500Mi' } },
        },
      ],
      ...spec,
    },
  }
}

const many = (count: number, make: (index: number) => Pod): readonly Pod[] =>
  Array.from({ length: count }, (_, i) => make(i))
const nodesOf = (count: number): readonly Node[] => Array.from({ length: count }, (_, i) => makeNode(i))
const term = (app: string, topologyKey: string): PodAffinityTerm => ({
  topologyKey,
  labelSelector: { matchLabels: { app } },
})

/** Every pod alike, with the given part of its spec. */
function alike(name: string, spec: Partial<PodSpec>): Workload {
  return {
    name,
    nodes: nodesOf,
    placed: () => [],
    pods: (_, count) => many(count, (i) => makePod(`pod-${i}`, spec, { app: 'measured' })),
  }
}

export const workloads: readonly Workload[] = [
  alike('basic', {}),
  alike('node-affinity', {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: zoneKey, operator: 'In', values: ['zone-1', 'zone-2'] }] }],
        },
      },
    },
  }),
  alike('topology-spread', {
    topologySpreadConstraints: [
      {
        maxSkew: 5,
        topologyKey: zoneKey,
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'measured' } },
      },
    ],
  }),
  alike('preferred-topology-spread', {
    topologySpreadConstraints: [
      {
        maxSkew: 5,
        topologyKey: zoneKey,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: 'measured' } },
      },
    ],
  }),
  alike('pod-affinity', {
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('measured', zoneKey)] } },
  }),
  {
    // At most one pod to a node.
    ...alike('pod-anti-affinity', {
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('measured', hostKey)] } },
    }),
    pods: (nodes, count) =>
      many(Math.min(nodes, count), (i) =>
        makePod(
          `pod-${i}`,
          {
            affinity: {
              podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('measured', hostKey)] },
            },
          },
          { app: 'measured' },
        ),
      ),
  },
  alike('preferred-pod-anti-affinity', {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term('measured', hostKey) }],
      },
    },
  }),
  {
    name: 'preemption',
    nodes: nodesOf,
    // Four pods fill a node; each measured one needs the room of three.
    placed: (nodes) =>
      many(4 * nodes, (i) =>
        makePod(`low-${i}`, {
          nodeName: `node-${i % nodes}`,
          containers: [{ name: 'pause', image: 'pause', resources: { requests: { cpu: '900m', memory: '500Mi' } } }],
        }),
      ),
    pods: (nodes, count) =>
      many(Math.min(nodes, count), (i) =>
        makePod(`high-${i}`, {
          priority: 10,
          containers: [{ name: 'pause', image: 'pause', resources: { requests: { cpu: '3000m', memory: '500Mi' } } }],
        }),
      ),
  },
]
