import { array, assert, boolean, constantFrom, option, property, record, subarray } from 'fast-check'
import { expect, test } from 'vitest'
import type { Backend, Frontend, FrontendRoute, ServicePortRules } from '#proxy'
import { TableProgram } from './program.ts'

const marks = { masquerade: 0x4000, remember: 0x8000 }
const program = (): TableProgram => new TableProgram('t', 'IPv4', marks)

const backend = (number: number, local = false, port = 8080): Backend => ({
  address: `10.244.0.${number}`,
  port,
  local,
})
const rules = (extra: Partial<ServicePortRules> = {}): ServicePortRules => ({
  namespace: 'ns',
  service: 'web',
  port: 'http',
  family: 'IPv4',
  protocol: 'TCP',
  clusterIP: '10.96.0.1',
  frontends: [{ kind: 'ClusterIP', address: '10.96.0.1', port: 80, route: 'Cluster' }],
  endpoints: [backend(1), backend(2, true)],
  localEndpoints: [],
  ...extra,
})
const lines = (text: string): readonly string[] => text.trim().split('\n')

test('change() programs a service port', () => {
  expect(lines(program().change([['k', rules()]], 0))).toEqual([
    'add chain ip t tcp-endpoints-2',
    'flush chain ip t tcp-endpoints-2',
    'add rule ip t tcp-endpoints-2 dnat ip to ip daddr . tcp dport . numgen random mod 2 map @tcp-endpoints : ip daddr . tcp dport map @tcp-target-ports',
    'add element ip t tcp-target-ports { 10.96.0.1 . 80 : 8080 }',
    'add element ip t tcp-endpoints { 10.96.0.1 . 80 . 0 : 10.244.0.1, 10.96.0.1 . 80 . 1 : 10.244.0.2 }',
    'add element ip t services { 10.96.0.1 . tcp . 80 : goto tcp-endpoints-2 }',
    'add element ip t cluster-ips { 10.96.0.1 }',
    'add element ip t hairpin { 10.244.0.2 . 10.244.0.2 }',
  ])
})

test('change() touches nothing but what one endpoint more or less makes different', () => {
  const own = program()
  own.change([['k', rules({ endpoints: [1, 2, 3].map((number) => backend(number)) })]], 0)
  expect(lines(own.change([['k', rules({ endpoints: [1, 3].map((number) => backend(number)) })]], 0))).toEqual([
    'add chain ip t tcp-endpoints-2',
    'flush chain ip t tcp-endpoints-2',
    'add rule ip t tcp-endpoints-2 dnat ip to ip daddr . tcp dport . numgen random mod 2 map @tcp-endpoints : ip daddr . tcp dport map @tcp-target-ports',
    'delete element ip t tcp-endpoints { 10.96.0.1 . 80 . 1 : 10.244.0.2 }',
    'delete element ip t services { 10.96.0.1 . tcp . 80 : goto tcp-endpoints-3 }',
    'add element ip t tcp-endpoints { 10.96.0.1 . 80 . 1 : 10.244.0.3 }',
    'add element ip t services { 10.96.0.1 . tcp . 80 : goto tcp-endpoints-2 }',
  ])
  // The last seat is emptied later: a packet may have drawn it by the old length.
  expect(own.sweep(-1)).toBe('')
  expect(lines(own.sweep(0))).toEqual(['delete element ip t tcp-endpoints { 10.96.0.1 . 80 . 2 : 10.244.0.3 }'])
  expect(own.sweepable).toBe(false)
  expect(lines(own.change([['k', rules({ endpoints: [1, 2, 3].map((number) => backend(number)) })]], 0))).toEqual([
    'delete element ip t services { 10.96.0.1 . tcp . 80 : goto tcp-endpoints-2 }',
    'add element ip t tcp-endpoints { 10.96.0.1 . 80 . 2 : 10.244.0.2 }',
    'add element ip t services { 10.96.0.1 . tcp . 80 : goto tcp-endpoints-3 }',
  ])
  expect(own.change([['k', rules({ endpoints: [3, 2, 1].map((number) => backend(number)) })]], 0)).toBe('')
})

test('change() names the port of each endpoint where they differ, as long as they do', () => {
  const own = program()
  own.change([['k', rules()]], 0)
  expect(lines(own.change([['k', rules({ endpoints: [backend(1), backend(2, true, 9090)] })]], 0))).toEqual([
    'add chain ip t tcp-mixed-endpoints-2',
    'flush chain ip t tcp-mixed-endpoints-2',
    'add rule ip t tcp-mixed-endpoints-2 dnat ip to ip daddr . tcp dport . numgen random mod 2 map @tcp-mixed-endpoints',
    'delete element ip t services { 10.96.0.1 . tcp . 80 : goto tcp-endpoints-2 }',
    'add element ip t tcp-mixed-endpoints { 10.96.0.1 . 80 . 0 : 10.244.0.1 . 8080, 10.96.0.1 . 80 . 1 : 10.244.0.2 . 9090 }',
    'add element ip t services { 10.96.0.1 . tcp . 80 : goto tcp-mixed-endpoints-2 }',
  ])
  // A packet may be on its way to the list that it was sent to before.
  expect(own.sweep(-1)).toBe('')
  expect(lines(own.sweep(0))).toEqual([
    'delete element ip t tcp-target-ports { 10.96.0.1 . 80 : 8080 }',
    'delete element ip t tcp-endpoints { 10.96.0.1 . 80 . 0 : 10.244.0.1, 10.96.0.1 . 80 . 1 : 10.244.0.2 }',
  ])
})

test('change() takes an emptied seat back with whoever sits there now', () => {
  const own = program()
  own.change([['k', rules({ endpoints: [1, 2].map((number) => backend(number)) })]], 0)
  own.change([['k', rules({ endpoints: [backend(1)] })]], 0)
  const text = own.change([['k', rules({ endpoints: [1, 3].map((number) => backend(number)) })]], 0)
  expect(lines(text).filter((line) => line.includes('tcp-endpoints {'))).toEqual([
    'delete element ip t tcp-endpoints { 10.96.0.1 . 80 . 1 : 10.244.0.2 }',
    'add element ip t tcp-endpoints { 10.96.0.1 . 80 . 1 : 10.244.0.3 }',
  ])
  expect(own.sweepable).toBe(false)
})

test('change() gives clients with affinity a map and chains of their own, and takes them away again', () => {
  const own = program()
  own.change([['k', rules()]], 0)
  expect(lines(own.change([['k', rules({ affinitySeconds: 600 })]], 0))).toEqual([
    'add map ip t affinity/ns/web/tcp/http/8080 { type ipv4_addr : ipv4_addr; size 262144; flags dynamic,timeout; }',
    'add chain ip t remember/ns/web/tcp/http',
    'add chain ip t sticky/ns/web/tcp/http/endpoints',
    'flush chain ip t remember/ns/web/tcp/http',
    'flush chain ip t sticky/ns/web/tcp/http/endpoints',
    'add rule ip t remember/ns/web/tcp/http tcp dport 8080 update @affinity/ns/web/tcp/http/8080 { ip saddr timeout 600s : ip daddr }',
    'add rule ip t sticky/ns/web/tcp/http/endpoints meta mark set meta mark or 0x00008000',
    'add rule ip t sticky/ns/web/tcp/http/endpoints meta l4proto tcp dnat ip to ip saddr map @affinity/ns/web/tcp/http/8080 : 8080',
    'add rule ip t sticky/ns/web/tcp/http/endpoints goto tcp-endpoints-2',
    'delete element ip t services { 10.96.0.1 . tcp . 80 : goto tcp-endpoints-2 }',
    'add element ip t services { 10.96.0.1 . tcp . 80 : goto sticky/ns/web/tcp/http/endpoints }',
    'add element ip t remember { 10.96.0.1 . tcp . 80 : goto remember/ns/web/tcp/http }',
  ])
  expect(lines(own.change([['k', undefined]], 0))).toEqual([
    'delete element ip t services { 10.96.0.1 . tcp . 80 : goto sticky/ns/web/tcp/http/endpoints }',
    'delete element ip t remember { 10.96.0.1 . tcp . 80 : goto remember/ns/web/tcp/http }',
    'delete element ip t cluster-ips { 10.96.0.1 }',
    'delete element ip t hairpin { 10.244.0.2 . 10.244.0.2 }',
    'flush chain ip t remember/ns/web/tcp/http',
    'flush chain ip t sticky/ns/web/tcp/http/endpoints',
    'delete map ip t affinity/ns/web/tcp/http/8080',
  ])
  expect([...own.retired].sort()).toEqual(['remember/ns/web/tcp/http', 'sticky/ns/web/tcp/http/endpoints'])
})

test('change() spells IPv6 and other protocols', () => {
  const six = new TableProgram('t', 'IPv6', marks)
  const text = six.change(
    [
      [
        'k',
        rules({
          family: 'IPv6',
          protocol: 'UDP',
          clusterIP: 'fd96::1',
          frontends: [
            { kind: 'ClusterIP', address: 'fd96::1', port: 53, route: 'Drop' },
            { kind: 'NodePort', port: 30_053, route: 'ExternalCluster' },
          ],
          endpoints: [{ address: 'fd44::1', port: 5353, local: false }],
        }),
      ],
      ['other family', rules()],
    ],
    0,
  )
  expect(lines(text)).toEqual([
    'add chain ip6 t udp-node-port-endpoints-1',
    'add chain ip6 t udp-node-port-endpoints-1-masquerade',
    'flush chain ip6 t udp-node-port-endpoints-1',
    'flush chain ip6 t udp-node-port-endpoints-1-masquerade',
    'add rule ip6 t udp-node-port-endpoints-1 dnat ip6 to udp dport . numgen random mod 1 map @udp-node-port-endpoints : udp dport map @udp-node-port-target-ports',
    'add rule ip6 t udp-node-port-endpoints-1-masquerade meta mark set meta mark or 0x00004000',
    'add rule ip6 t udp-node-port-endpoints-1-masquerade goto udp-node-port-endpoints-1',
    'add element ip6 t no-endpoints { fd96::1 . udp . 53 : drop }',
    'add element ip6 t udp-node-port-target-ports { 30053 : 5353 }',
    'add element ip6 t udp-node-port-endpoints { 30053 . 0 : fd44::1 }',
    'add element ip6 t node-ports { udp . 30053 : goto udp-node-port-endpoints-1-masquerade }',
    'add element ip6 t cluster-ips { fd96::1 }',
  ])
})

/** Runs commands the way the kernel would: what is not there can't be deleted, what is there can't get another value. */
class Table {
  readonly maps = new Map<string, Map<string, string>>()
  readonly chains = new Map<string, string[]>()

  run(text: string): void {
    for (const line of text.split('\n')) {
      const [, verb = '', kind = '', name = '', rest = ''] = /^(\w+) (\w+) ip t (\S+) ?(.*)$/.exec(line) ?? []
      if (kind === 'element') this.#elements(verb, name, rest)
      else if (kind === 'map' && verb === 'add') this.maps.set(name, this.maps.get(name) ?? new Map())
      else if (kind === 'map') expect(this.maps.delete(name)).toBe(true)
      else if (kind === 'chain' && verb === 'add') this.chains.set(name, this.chains.get(name) ?? [])
      else if (kind === 'chain') this.#chain(name).length = 0
      else if (kind === 'rule') this.#chain(name).push(rest)
    }
  }

  /** What packets can meet: elements, and rules of the chains that elements lead to. */
  reachable(): unknown {
    const found = new Map<string, unknown>()
    const follow = (text: string): void => {
      const chain = /goto (\S+)$/.exec(text)?.[1]
      if (chain === undefined || found.has(chain) || chain === 'external' || chain === 'external-node-port') return
      if (chain === 'reject-new') return
      const rules = this.#chain(chain)
      found.set(chain, [...rules])
      for (const rule of rules) {
        for (const [, map = ''] of rule.matchAll(/@(affinity\S+)/g)) expect(this.maps.has(map)).toBe(true)
        follow(rule)
      }
    }
    for (const [name, elements] of this.maps) {
      const sorted = [...elements].sort(([a], [b]) => (a < b ? -1 : 1))
      if (sorted.length > 0) found.set(`@${name}`, sorted)
      for (const [, value] of sorted) follow(value)
    }
    return found
  }

  #chain(name: string): string[] {
    const chain = this.chains.get(name)
    if (!chain) throw new Error(`no chain ${name}`)
    return chain
  }

  #elements(verb: string, name: string, rest: string): void {
    const map = this.maps.get(name) ?? new Map<string, string>()
    this.maps.set(name, map)
    for (const element of rest.slice(2, -2).split(', ')) {
      const [key = '', value = ''] = element.split(' : ')
      if (verb === 'add') {
        expect(map.has(key)).toBe(false)
        map.set(key, value)
      } else {
        expect(map.get(key)).toBe(value)
        map.delete(key)
      }
    }
  }
}

const routes: readonly FrontendRoute[] = ['Cluster', 'Local', 'ExternalCluster', 'ExternalLocal', 'Reject', 'Drop']
const backends = subarray([backend(1, true), backend(2), backend(3), backend(4, true, 9090), backend(5)])
const servicePort = (name: string, number: number) =>
  record({
    endpoints: backends,
    localEndpoints: backends,
    cluster: constantFrom(...routes),
    nodePort: option(constantFrom(...routes)),
    balanced: option(constantFrom(...routes)),
    sources: boolean(),
    affinitySeconds: option(constantFrom(1, 600)),
  }).map(({ endpoints, localEndpoints, cluster, nodePort, balanced, sources, affinitySeconds }): ServicePortRules => {
    // The routes that lead to endpoints are given only where there are some.
    const fit = (route: FrontendRoute): FrontendRoute => {
      if (route === 'Local') return localEndpoints.length > 0 ? route : 'Drop'
      return endpoints.length > 0 ? route : 'Reject'
    }
    const clusterIP = `10.96.0.${number}`
    const frontends: Frontend[] = [{ kind: 'ClusterIP', address: clusterIP, port: 80, route: fit(cluster) }]
    if (nodePort) frontends.push({ kind: 'NodePort', port: 30_000 + number, route: fit(nodePort) })
    if (balanced) {
      const address = `203.0.113.${number}`
      const frontend: Frontend = { kind: 'LoadBalancer', address, port: 80, route: fit(balanced) }
      frontends.push(sources ? { ...frontend, sources: ['10.0.0.0/8'] } : frontend)
    }
    return rules({
      service: name,
      clusterIP,
      frontends,
      endpoints,
      localEndpoints,
      ...(affinitySeconds === null ? {} : { affinitySeconds }),
    })
  })

test('changes lead to the same place as programming everything at once, by commands that the kernel takes', () => {
  const change = record({ a: option(servicePort('a', 1)), b: option(servicePort('b', 2)), sweep: boolean() })
  assert(
    property(array(change, { minLength: 1, maxLength: 8 }), (changes) => {
      const own = program()
      const table = new Table()
      const now = new Map<string, ServicePortRules>()
      for (const [time, { sweep, ...each }] of changes.entries()) {
        const update = new Map<string, ServicePortRules | undefined>()
        for (const [key, value] of Object.entries(each)) {
          update.set(key, value ?? undefined)
          if (value) now.set(key, value)
          else now.delete(key)
        }
        table.run(own.change(update, time))
        if (sweep) table.run(own.sweep(time - 1))
      }
      table.run(own.sweep(Infinity))
      const fresh = new Table()
      fresh.run([...program().load(now)].join(''))
      expect(seatless(table.reachable())).toEqual(seatless(fresh.reachable()))
    }),
  )
})

/** Endpoint lists as sets: at which index an endpoint sits depends on what was before. */
function seatless(found: unknown): unknown {
  return [...(found as ReadonlyMap<string, readonly unknown[]>)]
    .map(([name, content]) => {
      if (!name.startsWith('@tcp-')) return [name, content]
      const entries = content as readonly (readonly [string, string])[]
      const keys = entries.map(([key]) => key)
      const values = entries.map(([key, value]) => `${key.split(' . ').slice(0, -1).join()} ${value}`)
      return [name, [keys, values.sort()]]
    })
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}
