import { expect, test } from 'vitest'
import type { Node, Pod } from '#api/core/v1'
import { conflistOf } from './cni.ts'
import { asksForHostPorts, hostPortsOf } from './host-ports.ts'
import { podRoutes } from './routes.ts'
import { podTable } from './rules.ts'

const node = (name: string, podCIDRs: readonly string[], addresses: readonly string[]): Node => ({
  metadata: { name },
  spec: { podCIDRs },
  status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
})

test('conflistOf() is made of a link per pod and addresses of the node', () => {
  const options = { name: 'net', podCIDRs: ['10.244.1.0/24', 'fd44:1::/64'], dataDirectory: '/run/x', mtu: 1400 }
  expect(conflistOf(options)).toEqual({
    cniVersion: '1.0.0',
    name: 'net',
    plugins: [
      {
        type: 'ptp',
        mtu: 1400,
        ipMasq: false,
        ipam: {
          type: 'host-local',
          dataDir: '/run/x',
          ranges: [[{ subnet: '10.244.1.0/24' }], [{ subnet: 'fd44:1::/64' }]],
          routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }],
        },
      },
    ],
  })
})

test('podRoutes() leads to nodes on our segment straight, to others through the tunnel, and refuses what nobody has', () => {
  const nodes = [
    node('here', ['10.244.1.0/24'], ['192.168.1.1']),
    node('there', ['10.244.2.0/24', 'fd44:2::/64'], ['192.168.1.2', 'fd00::2']),
    node('far', ['10.244.3.0/24'], ['192.168.9.3']),
    node('new', [], ['192.168.1.4']),
    node('strange', ['10.244.5.0/24'], ['fd01::5']),
  ]
  const segments = ['192.168.1.1/24', 'fd00::1/64']
  expect(podRoutes(nodes, { nodeName: 'here', segments, clusterCIDRs: ['10.244.0.0/16'] })).toEqual({
    routes: [
      { destination: '10.244.0.0/16' },
      { destination: '10.244.1.0/24' },
      { destination: '10.244.2.0/24', via: '192.168.1.2' },
      { destination: 'fd44:2::/64', via: 'fd00::2' },
      { destination: '10.244.3.0/24', via: '10.244.3.0', device: 'k8ts-vxlan' },
    ],
    own: { node: '192.168.1.1', inner: ['10.244.1.0'] },
    plainPeers: [{ node: '192.168.9.3', inner: ['10.244.3.0'] }],
    securePeers: [],
    unreachable: ['strange'],
  })
})

test('podRoutes() leads through the encrypted tunnel to nodes that tell a key, where that is wanted', () => {
  const publicKey = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg='
  const told = (name: string, text: string, address: string, block: string): Node => {
    const { spec, status } = node(name, [block], [address])
    return {
      metadata: { name, annotations: { 'k8ts.dev/wireguard-public-key': text } },
      spec,
      ...(status && { status }),
    }
  }
  const nodes = [
    node('here', ['10.244.1.0/24'], ['192.168.1.1']),
    told('near', publicKey, '192.168.1.2', '10.244.2.0/24'),
    told('secret', publicKey, '192.168.9.3', '10.244.3.0/24'),
    told('odd', 'Endpoint = 1.2.3.4', '192.168.9.4', '10.244.4.0/24'),
  ]
  const options = { nodeName: 'here', segments: ['192.168.1.1/24'], clusterCIDRs: [] }
  const { routes, plainPeers, securePeers } = podRoutes(nodes, { ...options, encrypts: true })
  expect(routes.map(({ device }) => device)).toEqual([undefined, undefined, 'k8ts-wireguard', 'k8ts-vxlan'])
  expect(plainPeers).toEqual([{ node: '192.168.9.4', inner: ['10.244.4.0'] }])
  expect(securePeers).toEqual([{ node: '192.168.9.3', inner: ['10.244.3.0'], publicKey, blocks: ['10.244.3.0/24'] }])
  expect(podRoutes(nodes, options)).toMatchObject({ securePeers: [], plainPeers: [{}, {}] })
})

const pod = (spec: Partial<Pod['spec']>, status: NonNullable<Pod['status']>): Pod => ({
  metadata: { namespace: 'default', name: 'p' },
  spec: {
    containers: [
      {
        name: 'c',
        ports: [
          { containerPort: 80, hostPort: 8080 },
          { containerPort: 53, hostPort: 5353, protocol: 'UDP', hostIP: '127.0.0.1' },
          { containerPort: 99 },
        ],
      },
    ],
    ...spec,
  },
  status,
})
const running = { phase: 'Running', podIP: '10.244.1.2', podIPs: [{ ip: '10.244.1.2' }, { ip: 'fd44:1::2' }] } as const

test('hostPortsOf() takes ports of pods that run, in the families that fit', () => {
  expect(hostPortsOf([pod({}, running)])).toEqual([
    { family: 'IPv4', protocol: 'TCP', hostPort: 8080, podIP: '10.244.1.2', containerPort: 80 },
    { family: 'IPv6', protocol: 'TCP', hostPort: 8080, podIP: 'fd44:1::2', containerPort: 80 },
    { family: 'IPv4', protocol: 'UDP', hostIP: '127.0.0.1', hostPort: 5353, podIP: '10.244.1.2', containerPort: 53 },
  ])
  expect(
    hostPortsOf([pod({ hostNetwork: true }, running), pod({}, { ...running, phase: 'Succeeded' }), pod({}, {})]),
  ).toEqual([])
})

test('asksForHostPorts() tells pods whose changes matter to the network from all others', () => {
  const inside: Pod['spec'] = { containers: [{ name: 'c', ports: [{ containerPort: 99 }] }] }
  const sidecar = { name: 'i', ports: [{ containerPort: 1, hostPort: 1 }] }
  const pods = [
    pod({}, {}),
    pod({ ...inside, initContainers: [sidecar] }, {}),
    pod(inside, {}),
    pod({ hostNetwork: true }, {}),
  ]
  expect(pods.map(asksForHostPorts)).toEqual([true, true, false, false])
})

test('podTable() redirects host ports, those bound to an address first, and hides pods from the world only', () => {
  const text = podTable('t', 'IPv4', {
    podCIDRs: ['10.244.1.0/24', 'fd44:1::/64'],
    inner: ['10.244.0.0/16', '192.168.1.1', 'fd00::1'],
    hostPorts: hostPortsOf([pod({}, running)]),
    tunnels: [],
  })
  const rules = text.split('\n').filter((line) => line.startsWith('add rule') || line.startsWith('add element'))
  expect(rules).toEqual([
    'add element ip t inner { 10.244.0.0/16, 192.168.1.1 }',
    'add element ip t hairpin { 10.244.1.2 . 10.244.1.2 }',
    'add rule ip t host-ports-prerouting fib daddr type local dnat ip to tcp dport map { 8080 : 10.244.1.2 . 80 }',
    'add rule ip t host-ports-prerouting fib daddr type local dnat ip to ip daddr . udp dport map { 127.0.0.1 . 5353 : 10.244.1.2 . 53 }',
    'add rule ip t host-ports-output fib daddr type local dnat ip to tcp dport map { 8080 : 10.244.1.2 . 80 }',
    'add rule ip t host-ports-output fib daddr type local dnat ip to ip daddr . udp dport map { 127.0.0.1 . 5353 : 10.244.1.2 . 53 }',
    'add rule ip t loopback-prerouting iifname != "lo" ip daddr 127.0.0.0/8 drop',
    'add rule ip t loopback-prerouting iifname != "lo" ip saddr 127.0.0.0/8 drop',
    'add rule ip t outwards ct status dnat ip saddr 127.0.0.0/8 oifname != "lo" masquerade',
    'add rule ip t outwards ct status dnat ip saddr . ip daddr @hairpin masquerade',
    'add rule ip t outwards ip saddr { 10.244.1.0/24 } ip daddr != @inner ip daddr != 224.0.0.0/4 masquerade fully-random',
    'add rule ip t loopback-postrouting oifname != "lo" ip saddr 127.0.0.0/8 drop',
  ])
})
