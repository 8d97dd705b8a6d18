import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { namespaces, nodes, pods } from '#api/core/v1'
import type { Node, Pod } from '#api/core/v1'
import { customresourcedefinitions } from '#api/apiextensions/v1'
import { networkpolicies } from '#api/networking/v1'
import type { NetworkPolicySpec } from '#api/networking/v1'
import { silentLogger, sleep, systemClock } from '#base'
import { createClient, createInformerFactory } from '#client'
import type { Client } from '#client'
import { clusterNetworkPolicies, createNetworkPolicies } from '#proxy'
import type { ClusterNetworkPolicy, PacketFilter, ServicePortRules } from '#proxy'
import { createNftPacketFilter, createNftPolicyFilter } from '#proxy/nft'
import { MemoryApi } from '../../../src/client/testing/memory-api.ts'
import type { Target } from './agent.ts'
import { Lab, labMissing } from './lab.ts'
import type { NodePlace, Place } from './lab.ts'

const missing = await labMissing()
if (missing !== undefined) console.warn(`network policy tests do not run here: ${missing}`)

interface Port {
  readonly number: number
  readonly protocol: 'TCP' | 'UDP'
}

/** What every pod serves; the first has the name `web`, the last one `dns`. */
const served: readonly Port[] = [
  { number: 8080, protocol: 'TCP' },
  { number: 8081, protocol: 'TCP' },
  { number: 8080, protocol: 'UDP' },
]

interface Expected {
  readonly from: string
  readonly to: string
  readonly port: number
  readonly protocol: string
  readonly family: 'IPv4' | 'IPv6'
}

describe.skipIf(missing !== undefined)('network policies', () => {
  let lab: Lab
  let n1: NodePlace, n2: NodePlace
  const places = new Map<string, Place>()
  const hosts = new Map<string, NodePlace>()
  const api = new MemoryApi()
  let client: Client
  const stopping = new AbortController()
  const ended: Promise<unknown>[] = []
  const services: PacketFilter[] = []

  /** Pods by `namespace/name`: names say their label `pod`, namespaces theirs `team`. */
  const podNames = ['x/a', 'x/b', 'y/a', 'y/b', 'z/a']
  const podOf = (name: string, labels?: { readonly [key: string]: string }): Pod => {
    const [namespace = '', pod = ''] = name.split('/')
    const place = places.get(name)
    if (!place) throw new Error(`no pod ${name}`)
    return {
      metadata: { namespace, name: pod, labels: labels ?? { pod } },
      spec: {
        nodeName: hosts.get(name)?.name ?? '',
        containers: [
          {
            name: 'main',
            ports: [
              { name: 'web', containerPort: 8080 },
              { name: 'dns', containerPort: 8080, protocol: 'UDP' },
            ],
          },
        ],
      },
      status: { phase: 'Running', podIPs: [{ ip: place.address }, { ip: place.address6 }] },
    }
  }

  const policy = (name: string, namespace: string, spec: NetworkPolicySpec): Promise<unknown> =>
    client.create(networkpolicies, { metadata: { namespace, name }, spec })

  const clusterPolicies = clusterNetworkPolicies('v1beta1')
  const clusterPolicy = (
    name: string,
    spec: Omit<ClusterNetworkPolicy['spec'], 'tier' | 'priority'> & Partial<ClusterNetworkPolicy['spec']>,
  ): Promise<unknown> =>
    client.create(clusterPolicies, { metadata: { name }, spec: { tier: 'Admin', priority: 10, ...spec } })
  const team = (name: string): { readonly namespaces: object } => ({ namespaces: { matchLabels: { team: name } } })
  let defined: Promise<unknown> | undefined
  const defineClusterPolicies = (): Promise<unknown> =>
    (defined ??= client.create(customresourcedefinitions, {
      metadata: { name: 'clusternetworkpolicies.policy.networking.k8s.io' },
      spec: {
        group: clusterPolicies.group,
        names: { plural: clusterPolicies.plural, kind: clusterPolicies.kind },
        scope: 'Cluster',
        versions: ['v1alpha2', 'v1beta1'].map((name) => ({ name, served: true, storage: name === 'v1beta1' })),
      },
      status: {
        conditions: [{ type: 'Established', status: 'True' }],
        acceptedNames: { plural: clusterPolicies.plural, kind: clusterPolicies.kind },
        storedVersions: ['v1beta1'],
      },
    }))

  /** Who reaches whom, everything tried at once: refusal is silence. */
  const reachability = async (): Promise<ReadonlyMap<string, boolean>> => {
    const probes: Promise<[string, boolean]>[] = []
    for (const [from, source] of places) {
      for (const to of podNames) {
        const target = places.get(to)
        if (!target || from === to) continue
        for (const { number, protocol } of served) {
          for (const family of ['IPv4', 'IPv6'] as const) {
            const address = family === 'IPv4' ? target.address : target.address6
            const probe = source.agent.request({ address, port: number, protocol, timeout: 700 })
            const key = `${from} > ${to} ${protocol} ${number} ${family}`
            probes.push(probe.then(({ text }): [string, boolean] => [key, text !== undefined]))
          }
        }
      }
    }
    return new Map(await Promise.all(probes))
  }

  /** Compares every cell with what it should be; rules may take a moment. */
  const expectTruth = async (allowed: (flow: Expected) => boolean): Promise<void> => {
    const wrong = async (): Promise<readonly string[]> => {
      const seen = await reachability()
      return [...seen].flatMap(([key, open]) => {
        const [from = '', , to = '', protocol = '', number = '', family = ''] = key.split(' ')
        const flow: Expected = { from, to, protocol, port: Number(number), family: family as Expected['family'] }
        return allowed(flow) === open ? [] : [`${key}: ${open ? 'open' : 'shut'}`]
      })
    }
    await sleep(systemClock, 100)
    await expect.poll(wrong, { timeout: 10_000, interval: 200 }).toEqual([])
  }

  beforeAll(async () => {
    lab = await Lab.create()
    n1 = await lab.node('n1')
    n2 = await lab.node('n2')
    const outside = await lab.host('outside')
    for (const { podCIDR, address, address6 } of [n1, n2]) {
      await lab.run(outside, ['ip', 'route', 'add', podCIDR, 'via', address])
      await lab.run(outside, ['ip', 'route', 'add', `fd44:${podCIDR.split('.')[2]}::/64`, 'via', address6])
    }
    for (const [index, name] of podNames.entries()) {
      const node = index % 2 === 0 ? n1 : n2
      const place = await lab.pod(node, name.replace('/', '-'))
      places.set(name, place)
      hosts.set(name, node)
      for (const { number, protocol } of served) await place.agent.serve(name, number, protocol)
    }
    places.set('outside', outside)
    client = createClient(api.transport, { userAgent: 'test' })
    for (const name of ['x', 'y', 'z']) {
      await client.create(namespaces, { metadata: { name, labels: { team: name } }, spec: {} })
    }
    for (const name of podNames) await client.create(pods, podOf(name))
    const families = ['IPv4', 'IPv6'] as const
    for (const node of [n1, n2]) {
      const prefix = ['nsenter', `--net=${node.namespace}`]
      // As on every node: the proxy's rules are there, and with them the connection table.
      const filter = createNftPacketFilter({ table: 'services', families, prefix })
      await filter.replace({
        node: { podCIDRs: ['10.244.0.0/16'], serviceCIDRs: [], masqueradeAll: false },
        servicePorts: new Map(),
      })
      services.push(filter)
      const informers = createInformerFactory(client, { clock: systemClock })
      const enforcement = createNetworkPolicies({
        informers,
        policyFilter: createNftPolicyFilter({ table: 'policies', families, prefix }),
        clock: systemClock,
        logger: silentLogger,
        nodeName: node.name,
        clusterPolicies: true,
      })
      ended.push(informers.start(stopping.signal), enforcement.start(stopping.signal))
      await enforcement.ready
    }
  })

  afterEach(async () => {
    const { items } = await client.list(networkpolicies)
    for (const { metadata } of items) {
      await client.delete(networkpolicies, { namespace: metadata.namespace ?? '', name: metadata.name ?? '' })
    }
    for (const { metadata } of (await client.list(clusterPolicies)).items) {
      await client.delete(clusterPolicies, { name: metadata.name ?? '' })
    }
    await expectTruth(() => true)
  })

  afterAll(async () => {
    stopping.abort()
    await Promise.allSettled(ended)
    for (const filter of services) await filter.close()
    await lab?.[Symbol.asyncDispose]()
  })

  test('without policies everybody reaches everybody, and the node has no rules for it', async () => {
    await expectTruth(() => true)
    expect(await lab.run(n1, ['nft', 'list', 'tables'])).not.toContain('policies')
  })

  test('a policy without rules shuts the pods it selects, to everybody but their node', async () => {
    await policy('shut', 'x', { podSelector: {}, policyTypes: ['Ingress'] })
    await expectTruth(({ to }) => !to.startsWith('x/'))
    const [a, b] = ['x/a', 'x/b'].map((name) => places.get(name)?.address ?? '')
    const reach = async (node: NodePlace, address = ''): Promise<boolean> =>
      (await node.agent.request({ address, port: 8080, timeout: 500 })).text !== undefined
    expect([await reach(n1, a), await reach(n2, b), await reach(n1, b), await reach(n2, a)]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  test('a policy of egress without rules lets its pods reach nobody but their node', async () => {
    await n1.agent.serve('n1', 9000)
    await policy('shut', 'x', { podSelector: {}, policyTypes: ['Egress'] })
    await expectTruth(({ from }) => !from.startsWith('x/'))
    const own = await places.get('x/a')?.agent.request({ address: n1.address, port: 9000 })
    expect(own?.text).toMatch(/^n1 /)
    const other = await places.get('x/b')?.agent.request({ address: n1.address, port: 9000, timeout: 500 })
    expect(other?.error).toBe('timeout')
  })

  test('an empty rule lets everything in, also beside a policy that lets in nothing', async () => {
    await policy('shut', 'x', { podSelector: {}, policyTypes: ['Ingress'] })
    await policy('open', 'x', { podSelector: {}, ingress: [{}], policyTypes: ['Ingress'] })
    await expectTruth(() => true)
  })

  test('peers are pods of the own namespace, of chosen namespaces, or chosen pods of chosen namespaces', async () => {
    await policy('own', 'x', {
      podSelector: { matchLabels: { pod: 'a' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { pod: 'b' } } }] }],
    })
    await expectTruth(({ from, to }) => to !== 'x/a' || from === 'x/b')
    await client.delete(networkpolicies, { namespace: 'x', name: 'own' })
    await policy('teams', 'x', {
      podSelector: { matchLabels: { pod: 'a' } },
      ingress: [
        { from: [{ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'In', values: ['y'] }] } }] },
      ],
    })
    await expectTruth(({ from, to }) => to !== 'x/a' || from.startsWith('y/'))
    await client.delete(networkpolicies, { namespace: 'x', name: 'teams' })
    await policy('both', 'x', {
      podSelector: { matchLabels: { pod: 'a' } },
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['x'] }] },
              podSelector: { matchLabels: { pod: 'a' } },
            },
          ],
        },
      ],
    })
    await expectTruth(({ from, to }) => to !== 'x/a' || from === 'y/a' || from === 'z/a')
  })

  test('egress is for chosen peers; both ends must agree', async () => {
    await policy('out', 'x', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [{ namespaceSelector: { matchLabels: { team: 'y' } } }] }],
    })
    await policy('in', 'y', {
      podSelector: { matchLabels: { pod: 'b' } },
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'z' } } }] }],
    })
    await expectTruth(({ from, to }) => {
      if (from.startsWith('x/') && !to.startsWith('y/')) return false
      return to !== 'y/b' || from === 'z/a'
    })
  })

  test('ports: numbers, ranges, protocols, and names for what each pod calls so', async () => {
    const select = { podSelector: { matchLabels: { pod: 'a' } } }
    await policy('number', 'x', { ...select, ingress: [{ ports: [{ port: 8081 }] }] })
    await policy('range', 'y', { ...select, ingress: [{ ports: [{ port: 8000, endPort: 8080, protocol: 'UDP' }] }] })
    await policy('name', 'z', { ...select, ingress: [{ ports: [{ port: 'web' }, { port: 'dns', protocol: 'UDP' }] }] })
    await expectTruth(({ to, port, protocol }) => {
      if (to === 'x/a') return port === 8081
      if (to === 'y/a') return protocol === 'UDP'
      return to !== 'z/a' || port === 8080
    })
    await policy('all-tcp', 'y', { ...select, ingress: [{ ports: [{ protocol: 'TCP' }] }] })
    await policy('out', 'x', {
      podSelector: { matchLabels: { pod: 'b' } },
      policyTypes: ['Egress'],
      egress: [
        { to: [{ namespaceSelector: {}, podSelector: { matchLabels: { pod: 'a' } } }], ports: [{ port: 'web' }] },
      ],
    })
    await expectTruth(({ from, to, port, protocol }) => {
      if (from === 'x/b' && !(to.endsWith('/a') && port === 8080 && protocol === 'TCP')) return false
      if (to === 'x/a') return port === 8081
      return to !== 'z/a' || port === 8080
    })
  })

  test('blocks of addresses let in those from outside, except parts of them, each family by its own', async () => {
    const [outside, y, other] = ['outside', 'y/a', 'z/a'].map((name) => places.get(name))
    await policy('blocks', 'x', {
      podSelector: {},
      ingress: [
        { from: [{ ipBlock: { cidr: '10.244.0.0/16', except: [`${y?.address}/32`] } }], ports: [{ port: 8080 }] },
        { from: [{ ipBlock: { cidr: `${outside?.address6}/128` } }] },
      ],
    })
    await expectTruth(({ from, to, port, protocol, family }) => {
      if (!to.startsWith('x/')) return true
      if (from === 'outside') return family === 'IPv6'
      return family === 'IPv4' && from !== 'y/a' && port === 8080 && protocol === 'TCP'
    })
    await policy('out', 'y', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        { to: [{ ipBlock: { cidr: `${other?.address}/32` } }, { ipBlock: { cidr: `${other?.address6}/128` } }] },
      ],
    })
    await expectTruth(({ from, to, port, protocol, family }) => {
      if (from.startsWith('y/')) return to === 'z/a'
      if (!to.startsWith('x/')) return true
      if (from === 'outside') return family === 'IPv6'
      return family === 'IPv4' && port === 8080 && protocol === 'TCP'
    })
  })

  test('labels that change, of pods and of namespaces, change who is let in', async () => {
    await policy('friends', 'x', {
      podSelector: { matchLabels: { pod: 'a' } },
      ingress: [
        { from: [{ podSelector: { matchLabels: { friend: 'yes' } }, namespaceSelector: {} }] },
        { from: [{ namespaceSelector: { matchLabels: { friend: 'yes' } } }] },
      ],
    })
    await expectTruth(({ to }) => to !== 'x/a')
    await client.update(pods, podOf('y/b', { pod: 'b', friend: 'yes' }))
    await expectTruth(({ from, to }) => to !== 'x/a' || from === 'y/b')
    await client.update(namespaces, { metadata: { name: 'z', labels: { friend: 'yes' } }, spec: {} })
    await client.update(pods, podOf('y/b'))
    await expectTruth(({ from, to }) => to !== 'x/a' || from === 'z/a')
    await client.update(pods, podOf('x/a', { pod: 'c' }))
    await expectTruth(() => true)
    await client.update(pods, podOf('x/a'))
    await client.update(namespaces, { metadata: { name: 'z', labels: { team: 'z' } }, spec: {} })
  })

  test('a pod that is shut reaches itself; names of policies may be as long as names may be', async () => {
    const name = 'p'.repeat(253)
    await policy(name, 'x', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
    await expectTruth(({ from, to }) => !from.startsWith('x/') && !to.startsWith('x/'))
    const self = places.get('x/a')
    expect((await self?.agent.request({ address: self.address, port: 8080 }))?.text).toMatch(/^x\/a /)
  })

  test('connections under way end when a policy forbids them, whoever speaks, and go on when it does not', async () => {
    const [server, client1, client2] = ['x/a', 'y/a', 'y/b'].map((name) => places.get(name))
    if (!server || !client1 || !client2) throw new Error('places are missing')
    await server.agent.stream(8090)
    const target: Target = { address: server.address, port: 8090 }
    const [shut, open] = [await client1.agent.follow(target), await client2.agent.follow(target)]
    const fromNode = await n1.agent.follow(target)
    expect([await shut.alive(), await open.alive(), await fromNode.alive()]).toEqual([true, true, true])
    await policy('one', 'x', {
      podSelector: { matchLabels: { pod: 'a' } },
      ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { pod: 'b' } } }] }],
    })
    await expect.poll(() => shut.alive(), { timeout: 5000 }).toBe(false)
    expect([await open.alive(), await fromNode.alive()]).toEqual([true, true])
    await sleep(systemClock, 1000)
    expect([await shut.alive(), await open.alive(), await fromNode.alive()]).toEqual([false, true, true])
  })

  test('a flow through a service is judged by the pod it ends at, and by where it comes from', async () => {
    const [server, local] = ['x/a', 'y/a'].map((name) => places.get(name))
    const address = server?.address ?? ''
    const rules = (local: boolean): ServicePortRules => ({
      namespace: 'x',
      service: 'a',
      port: 'http',
      family: 'IPv4',
      protocol: 'TCP',
      clusterIP: '10.96.0.1',
      frontends: [{ kind: 'ClusterIP', address: '10.96.0.1', port: 80, route: 'Cluster' }],
      endpoints: [{ address, port: 8080, local }],
      localEndpoints: [],
    })
    for (const [index, filter] of services.entries()) {
      await filter.apply({ servicePorts: new Map([['x/a', rules(index === 0)]]) })
    }
    const answer = async (from: Place | undefined): Promise<string | undefined> =>
      (await from?.agent.request({ address: '10.96.0.1', port: 80, timeout: 500 }))?.text
    expect(await answer(local)).toBe(`x/a ${local?.address}`)
    await policy('one', 'x', {
      podSelector: {},
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'z' } } }], ports: [{ port: 'web' }] }],
    })
    await expect.poll(() => answer(local), { timeout: 5000 }).toBeUndefined()
    expect(await answer(places.get('y/b'))).toBeUndefined()
    expect(await answer(places.get('z/a'))).toMatch(/^x\/a /)
    expect(await answer(server)).toMatch(/^x\/a /)
    // What namespaces say is not about a pod and itself; what the cluster says is.
    await defineClusterPolicies()
    await clusterPolicy('own', { subject: team('x'), ingress: [{ action: 'Deny', from: [team('x')] }] })
    await expect.poll(() => answer(server), { timeout: 10_000 }).toBeUndefined()
    expect(await answer(places.get('z/a'))).toMatch(/^x\/a /)
  })

  test('cluster policies decide before those of namespaces, by priority, or leave it to them', async () => {
    await defineClusterPolicies()
    await clusterPolicy('deny', { priority: 20, subject: team('x'), ingress: [{ action: 'Deny', from: [team('y')] }] })
    const isShut = ({ from, to }: Expected): boolean => to.startsWith('x/') && from.startsWith('y/')
    await expectTruth((flow) => !isShut(flow))
    const b = { pods: { namespaceSelector: {}, podSelector: { matchLabels: { pod: 'b' } } } }
    await clusterPolicy('accept', {
      subject: team('x'),
      ingress: [{ action: 'Accept', from: [b], protocols: [{ destinationNamedPort: 'web' }] }],
    })
    const isWeb = ({ port, protocol }: Expected): boolean => port === 8080 && protocol === 'TCP'
    const isAccepted = (flow: Expected): boolean => flow.from.endsWith('/b') && isWeb(flow)
    await expectTruth((flow) => !isShut(flow) || isAccepted(flow))
    await policy('shut', 'x', { podSelector: {}, policyTypes: ['Ingress'] })
    await expectTruth((flow) => !flow.to.startsWith('x/') || isAccepted(flow))
    await policy('open', 'x', { podSelector: {}, ingress: [{}] })
    await clusterPolicy('pass', {
      priority: 5,
      subject: team('x'),
      ingress: [
        {
          action: 'Pass',
          from: [
            { pods: { namespaceSelector: { matchLabels: { team: 'y' } }, podSelector: { matchLabels: { pod: 'a' } } } },
          ],
          protocols: [{ udp: { destinationPort: { range: { start: 8000, end: 8090 } } } }],
        },
      ],
    })
    await expectTruth((flow) => !isShut(flow) || isAccepted(flow) || (flow.from === 'y/a' && flow.protocol === 'UDP'))
  })

  test('cluster policies of the tier Baseline hold where no policy of a namespace does', async () => {
    await defineClusterPolicies()
    const place = places.get('z/a')
    await clusterPolicy('baseline', {
      tier: 'Baseline',
      subject: { namespaces: {} },
      ingress: [{ action: 'Deny', from: [team('x')] }],
      egress: [
        { action: 'Pass', to: [team('x')] },
        {
          action: 'Deny',
          to: [{ networks: [`${place?.address}/32`] }],
          protocols: [{ tcp: { destinationPort: { number: 8081 } } }],
        },
      ],
    })
    const isLeft = ({ from, to, port, family }: Expected): boolean =>
      from === 'outside' || !(to === 'z/a' && port === 8081 && family === 'IPv4')
    await expectTruth((flow) => !flow.from.startsWith('x/') && isLeft(flow))
    await policy('open', 'y', { podSelector: {}, ingress: [{}], egress: [{}], policyTypes: ['Ingress', 'Egress'] })
    await expectTruth((flow) => {
      if (flow.from.startsWith('x/') && !flow.to.startsWith('y/')) return false
      return flow.from.startsWith('y/') || isLeft(flow)
    })
  })

  test('cluster policies keep pods from nodes by what these are called and told, their own node aside', async () => {
    await defineClusterPolicies()
    const labelled = (place: NodePlace, role: string): Node => ({
      metadata: { name: place.name, labels: { role } },
      spec: {},
      status: { addresses: [place.address, place.address6].map((address) => ({ type: 'InternalIP', address })) },
    })
    await client.create(nodes, labelled(n1, 'open'))
    const other = await client.create(nodes, labelled(n2, 'shut'))
    for (const node of [n1, n2]) await node.agent.serve(node.name, 9001)
    const reaches = async (from: string, node: NodePlace): Promise<readonly boolean[]> =>
      Promise.all(
        [node.address, node.address6].map(async (address) => {
          const reply = await places.get(from)?.agent.request({ address, port: 9001, timeout: 500 })
          return reply?.text !== undefined
        }),
      )
    const both = [true, true]
    const none = [false, false]
    expect(await reaches('x/a', n2)).toEqual(both)
    await clusterPolicy('nodes', {
      subject: team('x'),
      egress: [{ action: 'Deny', to: [{ nodes: { matchLabels: { role: 'shut' } } }] }],
    })
    await expect.poll(() => reaches('x/a', n2), { timeout: 10_000 }).toEqual(none)
    expect(await reaches('y/a', n2)).toEqual(both)
    // That is on it.
    expect(await reaches('x/b', n2)).toEqual(both)
    expect(await reaches('x/b', n1)).toEqual(both)
    await expectTruth(() => true)
    await client.update(nodes, { ...other, metadata: { ...other.metadata, labels: { role: 'open' } } })
    await expect.poll(() => reaches('x/a', n2), { timeout: 10_000 }).toEqual(both)
  })

  test('rules that somebody else took away come back after a restart of the component as well', async () => {
    await policy('shut', 'x', { podSelector: {}, policyTypes: ['Ingress'] })
    await expectTruth(({ to }) => !to.startsWith('x/'))
    const prefix = ['nsenter', `--net=${n1.namespace}`]
    const filter = createNftPolicyFilter({ table: 'policies', families: ['IPv4', 'IPv6'], prefix })
    expect(await filter.intact()).toBe(true)
    await lab.run(n1, ['nft', 'delete', 'table', 'ip', 'policies'])
    expect(await filter.intact()).toBe(false)
    const stop = new AbortController()
    const informers = createInformerFactory(client, { clock: systemClock })
    const second = createNetworkPolicies({
      informers,
      policyFilter: filter,
      clock: systemClock,
      logger: silentLogger,
      nodeName: 'n1',
    })
    const done = Promise.allSettled([informers.start(stop.signal), second.start(stop.signal)])
    await second.ready
    await expectTruth(({ to }) => !to.startsWith('x/'))
    stop.abort()
    await done
  })
})
