import { array, assert, boolean, constantFrom, oneof, property, record, subarray } from 'fast-check'
import { expect, test } from 'vitest'
import type { Namespace, Node, Pod } from '#api/core/v1'
import type { NetworkPolicy, NetworkPolicySpec } from '#api/networking/v1'
import type { IsolatedPod, PolicyChange, PolicyState } from '../policy-filter.ts'
import type { ClusterNetworkPolicy } from './cluster-policy.ts'
import { PolicyTable } from './table.ts'

const pod = (
  name: string,
  ips: readonly string[],
  labels: { readonly [key: string]: string } = {},
  spec: Partial<Pod['spec']> = {},
): Pod => ({
  metadata: { namespace: 'ns', name, labels },
  spec: {
    nodeName: 'here',
    containers: [{ name: 'main', ports: [{ name: 'web', containerPort: 8080 }] }],
    ...spec,
  },
  status: { phase: 'Running', podIPs: ips.map((ip) => ({ ip })) },
})
const namespace = (labels: { readonly [key: string]: string }, name = 'ns'): Namespace => ({
  metadata: { name, labels },
  spec: {},
})
const policy = (name: string, spec: NetworkPolicySpec): NetworkPolicy => ({ metadata: { namespace: 'ns', name }, spec })

const plain = (state: PolicyState): unknown => ({
  sets: new Map([...state.sets].map(([key, { kind, members }]) => [key, { kind, members: new Set(members) }])),
  policies: new Map(state.policies),
  pods: new Map(state.pods),
})

/** What a filter has after the changes it was told of. */
class Told implements PolicyState {
  readonly sets = new Map<string, { readonly kind: 'addresses' | 'destinations'; readonly members: Set<string> }>()
  readonly policies = new Map<string, PolicyState['policies'] extends ReadonlyMap<string, infer P> ? P : never>()
  readonly pods = new Map<string, IsolatedPod>()

  apply(change: PolicyChange | undefined): void {
    for (const [key, set] of change?.sets ?? []) {
      if (!set) {
        this.sets.delete(key)
        continue
      }
      const members = set.fresh ? new Set<string>() : this.sets.get(key)?.members
      if (!members) throw new Error(`no set ${key}`)
      for (const member of set.removed) expect(members.delete(member)).toBe(true)
      for (const member of set.added) expect(members.has(member)).toBe(false)
      for (const member of set.added) members.add(member)
      this.sets.set(key, { kind: set.kind, members })
    }
    for (const [key, rules] of change?.policies ?? []) {
      if (rules) this.policies.set(key, rules)
      else this.policies.delete(key)
    }
    for (const [key, isolated] of change?.pods ?? []) {
      if (isolated) this.pods.set(key, isolated)
      else this.pods.delete(key)
    }
  }
}

test('only pods of this node that have an address of their own are isolated', () => {
  const table = new PolicyTable('here')
  table.setPolicy(policy('shut', { podSelector: {} }))
  table.setPod(pod('a', ['10.0.0.1', 'fd00::0:1']))
  table.setPod(pod('elsewhere', ['10.0.0.2'], {}, { nodeName: 'there' }))
  table.setPod(pod('host', ['10.0.0.3'], {}, { hostNetwork: true }))
  table.setPod(pod('fresh', []))
  table.setPod({ ...pod('ended', ['10.0.0.4']), status: { phase: 'Failed', podIPs: [{ ip: '10.0.0.4' }] } })
  expect([...table.pods]).toEqual([['ns/a', { addresses: ['10.0.0.1', 'fd00::1'], ingress: ['ns/shut/ingress'] }]])
})

test('which directions a policy is about follows from its rules when it does not say', () => {
  const table = new PolicyTable('here')
  table.setPod(pod('a', ['10.0.0.1']))
  table.setPolicy(policy('in', { podSelector: {}, policyTypes: [] }))
  table.setPolicy(policy('both', { podSelector: {}, egress: [] }))
  table.setPolicy(policy('out', { podSelector: {}, policyTypes: ['Egress'], ingress: [{}] }))
  expect(table.pods.get('ns/a')).toEqual({
    addresses: ['10.0.0.1'],
    ingress: ['ns/both/ingress', 'ns/in/ingress'],
    egress: ['ns/both/egress', 'ns/out/egress'],
  })
})

test('a name of a port stands for what each pod calls so, restartable init containers among them', () => {
  const table = new PolicyTable('here')
  table.setPod(pod('a', ['10.0.0.1']))
  const sidecar = { name: 'side', restartPolicy: 'Always', ports: [{ name: 'web', containerPort: 15_000 }] } as const
  const once = { name: 'once', ports: [{ name: 'web', containerPort: 1 }] }
  table.setPod(pod('b', ['10.0.0.2'], {}, { containers: [{ name: 'main' }], initContainers: [once, sidecar] }))
  table.setPolicy(policy('web', { podSelector: {}, ingress: [{ ports: [{ port: 'web' }] }] }))
  const [set] = table.sets.values()
  expect([...(set?.members ?? [])].sort()).toEqual(['10.0.0.1 TCP 8080', '10.0.0.2 TCP 15000'])
})

test('an address that a new pod has before its last one is gone stays in the set', () => {
  const table = new PolicyTable('here')
  table.setPolicy(policy('peers', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }))
  table.setPod(pod('old', ['10.0.0.1']))
  table.take()
  table.setPod(pod('new', ['10.0.0.1']))
  table.deletePod(pod('old', ['10.0.0.1']))
  const change = table.take()
  expect(change?.sets.size).toBe(0)
  expect([...(change?.pods.keys() ?? [])].sort()).toEqual(['ns/new', 'ns/old'])
})

test('take() tells of what changed, once, and of nothing that makes no difference', () => {
  const table = new PolicyTable('here')
  table.setPod(pod('a', ['10.0.0.1']))
  expect(table.take()).toBeUndefined()
  table.setPolicy(policy('peers', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }))
  expect(table.take()?.policies.size).toBe(1)
  table.setPod({ ...pod('a', ['10.0.0.1']), status: { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }], reason: 'x' } })
  table.setNamespace(namespace({ team: 'x' }))
  expect(table.take()).toBeUndefined()
})

const clusterPolicy = (name: string, spec: Partial<ClusterNetworkPolicy['spec']>): ClusterNetworkPolicy => ({
  metadata: { name },
  spec: { tier: 'Admin', priority: 10, subject: { namespaces: {} }, ...spec },
})
const teamX = { namespaces: { matchLabels: { team: 'x' } } }

test('cluster policies of a tier are one list for pods that the same ones select, lower priorities first', () => {
  const table = new PolicyTable('here')
  table.setPod(pod('a', ['10.0.0.1']))
  table.setPod(pod('b', ['10.0.0.2'], { app: 'b' }))
  const from = [{ namespaces: {} }]
  table.setClusterPolicy(clusterPolicy('second', { priority: 20, ingress: [{ action: 'Deny', from }] }))
  table.setClusterPolicy(
    clusterPolicy('first', {
      ingress: [{ action: 'Pass', from, protocols: [{ tcp: { destinationPort: { number: 80 } } }] }],
    }),
  )
  table.setClusterPolicy(
    clusterPolicy('last', {
      tier: 'Baseline',
      subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'b' } } } },
      egress: [{ action: 'Accept', to: [{ networks: ['10.1.2.3/8'] }] }],
    }),
  )
  const both = 'ingress/Admin first second'
  const all = 'namespaces() pods()'
  expect(table.pods.get('ns/a')).toEqual({ addresses: ['10.0.0.1'], tiers: { ingress: { admin: both } } })
  expect(table.pods.get('ns/b')?.tiers).toEqual({
    ingress: { admin: both },
    egress: { baseline: 'egress/Baseline last' },
  })
  expect(table.policies.get(both)?.rules).toEqual([
    { action: 'pass', peers: [{ set: all }], ports: [{ protocol: 'TCP', from: 80, to: 80 }] },
    { action: 'deny', peers: [{ set: all }] },
  ])
  expect(table.policies.get('egress/Baseline last')?.rules).toEqual([
    { action: 'accept', peers: [{ block: '10.0.0.0/8', except: [] }] },
  ])
  table.take()
  table.deleteClusterPolicy(clusterPolicy('first', {}))
  expect([...(table.take()?.policies.keys() ?? [])].sort()).toEqual([
    'ingress/Admin first second',
    'ingress/Admin second',
  ])
  expect(table.policies.has(both)).toBe(false)
})

test('cluster policies select by labels of namespaces as they are at the moment', () => {
  const table = new PolicyTable('here')
  table.setPod(pod('a', ['10.0.0.1']))
  table.setClusterPolicy(clusterPolicy('x', { subject: teamX, ingress: [{ action: 'Deny', from: [teamX] }] }))
  expect(table.pods.size).toBe(0)
  table.setNamespace(namespace({ team: 'x' }))
  expect(table.pods.get('ns/a')?.tiers).toEqual({ ingress: { admin: 'ingress/Admin x' } })
  expect([...table.sets.values()].map(({ members }) => [...members])).toEqual([['10.0.0.1']])
  table.setNamespace(namespace({ team: 'y' }))
  expect(table.pods.size).toBe(0)
  expect(table.policies.size).toBe(0)
})

test('a rule of a cluster policy with parts that are not known refuses everybody, or is about nobody where it accepts', () => {
  const table = new PolicyTable('here')
  table.setPod(pod('a', ['10.0.0.1']))
  const strange = { domainNames: ['example.com'] } as object
  const to = [{ namespaces: {} }, strange]
  const known = [{ namespaces: {} }]
  const protocols = [{ icmp: {} } as object]
  table.setClusterPolicy(
    clusterPolicy('odd', {
      egress: [
        { action: 'Accept', to },
        { action: 'Pass', to },
        { action: 'Accept', to: known, protocols },
        { action: 'Deny', to: known, protocols },
      ],
    }),
  )
  expect(table.policies.get('egress/Admin odd')?.rules).toEqual([{ action: 'deny' }, { action: 'deny' }])
})

test('nodes are peers by their labels, with all addresses that they tell at the moment', () => {
  const table = new PolicyTable('here')
  const node = (name: string, role: string, ...addresses: string[]): Node => ({
    metadata: { name, labels: { role } },
    spec: {},
    status: {
      addresses: [
        ...addresses.map((address) => ({ type: 'InternalIP', address })),
        { type: 'Hostname', address: name },
      ],
    },
  })
  table.setPod(pod('a', ['10.0.0.1']))
  table.setNode(node('n1', 'worker', '192.168.0.1', 'fd00::0:1'))
  table.setNode(node('n2', 'control', '192.168.0.2'))
  expect(table.isAboutNodes).toBe(false)
  const nodes = { matchLabels: { role: 'worker' } }
  table.setClusterPolicy(clusterPolicy('nodes', { egress: [{ action: 'Deny', to: [{ nodes }] }] }))
  expect(table.isAboutNodes).toBe(true)
  expect(table.policies.get('egress/Admin nodes')?.rules).toEqual([
    { action: 'deny', peers: [{ set: 'nodes(role=worker)' }] },
  ])
  const members = (): readonly string[] => [...(table.sets.get('nodes(role=worker)')?.members ?? [])].sort()
  expect(members()).toEqual(['192.168.0.1', 'fd00::1'])
  table.take()
  table.setNode(node('n2', 'worker', '192.168.0.2'))
  table.setNode(node('n1', 'worker', '192.168.0.1'))
  expect(members()).toEqual(['192.168.0.1', '192.168.0.2'])
  expect([...(table.take()?.sets.values() ?? [])]).toEqual([
    { kind: 'addresses', fresh: false, added: ['192.168.0.2'], removed: ['fd00::1'] },
  ])
  table.deleteNode(node('n1', 'worker'))
  expect(members()).toEqual(['192.168.0.2'])
})

test('a name of a port in a cluster policy is one of whoever is asked', () => {
  const table = new PolicyTable('here')
  table.setPod(pod('a', ['10.0.0.1']))
  table.setPod(pod('b', ['10.0.0.2'], { app: 'b' }))
  const bs = { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'b' } } } }
  const protocols = [{ destinationNamedPort: 'web' }]
  table.setClusterPolicy(clusterPolicy('to-b', { egress: [{ action: 'Deny', to: [bs], protocols }] }))
  const named = [...table.sets.values()].filter(({ kind }) => kind === 'destinations')
  expect(named.flatMap(({ members }) => [...members])).toEqual(['10.0.0.2 TCP 8080'])
})

test('changes told one by one add up to what a table that begins with the end says', () => {
  const labels = constantFrom<{ [key: string]: string }>({}, { app: 'a' }, { app: 'b', tier: 'x' })
  const selector = constantFrom({}, { matchLabels: { app: 'a' } }, { matchLabels: { app: 'b' } })
  const peers = subarray([
    { podSelector: { matchLabels: { app: 'a' } } },
    { podSelector: {} },
    { namespaceSelector: { matchLabels: { app: 'a' } } },
    { ipBlock: { cidr: '10.1.0.0/16', except: ['10.1.2.0/24'] } },
  ])
  const ports = subarray([{ port: 80 }, { port: 'web' }, { port: 1000, endPort: 2000 }])
  const rule = record({ from: peers, ports })
  const operation = oneof(
    record({
      kind: constantFrom('pod' as const),
      name: constantFrom('p', 'q', 'r'),
      ip: constantFrom('1', '2'),
      labels,
    }),
    record({ kind: constantFrom('policy' as const), name: constantFrom('m', 'n'), selector, rules: array(rule) }),
    record({ kind: constantFrom('namespace' as const), name: constantFrom('ns', 'other'), labels }),
    record({
      kind: constantFrom('gone' as const),
      what: constantFrom('pod', 'policy', 'cluster'),
      name: constantFrom('p', 'q', 'm'),
    }),
    record({
      kind: constantFrom('cluster' as const),
      name: constantFrom('m', 'c'),
      subject: constantFrom({ namespaces: {} }, { namespaces: { matchLabels: { app: 'a' } } }),
      action: constantFrom('Accept' as const, 'Deny' as const, 'Pass' as const),
      priority: constantFrom(1, 2),
      tier: constantFrom('Admin' as const, 'Baseline' as const),
    }),
  )
  const step = record({ operation, take: boolean() })
  assert(
    property(array(step, { maxLength: 30 }), (steps) => {
      const table = new PolicyTable('here')
      const told = new Told()
      const objects = new Map<string, (target: PolicyTable) => void>()
      for (const { operation: op, take } of steps) {
        if (op.kind === 'gone') {
          if (op.what === 'pod') table.deletePod(pod(op.name, []))
          else if (op.what === 'policy') table.deletePolicy(policy(op.name, { podSelector: {} }))
          else table.deleteClusterPolicy(clusterPolicy(op.name, {}))
          objects.delete(`${op.what}/${op.name}`)
        } else {
          const set = (target: PolicyTable): void => {
            if (op.kind === 'pod') target.setPod(pod(op.name, [`10.0.0.${op.ip}`, `fd00::${op.ip}`], op.labels))
            else if (op.kind === 'namespace') target.setNamespace(namespace(op.labels, op.name))
            else if (op.kind === 'cluster') {
              const { name, subject, action, priority, tier } = op
              const ingress = [{ action, from: [subject], protocols: [{ destinationNamedPort: 'web' }] }]
              target.setClusterPolicy(clusterPolicy(name, { subject, priority, tier, ingress }))
            } else target.setPolicy(policy(op.name, { podSelector: op.selector, ingress: op.rules }))
          }
          set(table)
          objects.set(`${op.kind}/${op.name}`, set)
        }
        if (take) told.apply(table.take())
      }
      told.apply(table.take())
      const fresh = new PolicyTable('here')
      for (const set of objects.values()) set(fresh)
      expect(plain(table)).toEqual(plain(fresh))
      expect(plain(told)).toEqual(plain(fresh))
    }),
    { numRuns: 300 },
  )
})
