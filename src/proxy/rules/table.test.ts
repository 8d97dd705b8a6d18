import { assert, array, constantFrom, integer, property, record, subarray } from 'fast-check'
import { expect, test } from 'vitest'
import type { Service } from '#api/core/v1'
import type { EndpointSlice } from '#api/discovery/v1'
import type { ServicePortRules } from '../packet-filter.ts'
import { frontendKey } from './claims.ts'
import { RuleTable } from './table.ts'

const node = { nodeName: 'here', addresses: [] }

const service = (name: string, clusterIP: string, externalIPs: readonly string[] = []): Service => ({
  metadata: { namespace: 'ns', name },
  spec: { type: 'ClusterIP', clusterIP, clusterIPs: [clusterIP], externalIPs, ports: [{ port: 80 }] },
})
const slice = (name: string, owner: string, addresses: readonly string[]): EndpointSlice => ({
  metadata: { namespace: 'ns', name, labels: { 'kubernetes.io/service-name': owner } },
  addressType: 'IPv4',
  ports: [{ name: '', port: 8080 }],
  endpoints: addresses.map((address) => ({ addresses: [address] })),
})
const endpoints = (rules: ServicePortRules | undefined): readonly string[] =>
  rules?.endpoints.map((each) => each.address) ?? []

test('take() tells of what changed, once', () => {
  const table = new RuleTable(node)
  table.setService(service('a', '10.96.0.1'))
  table.setService(service('b', '10.96.0.2'))
  table.setSlice(slice('a-1', 'a', ['10.244.0.1']))
  expect([...table.take().keys()].sort()).toEqual(['ns/a:/TCP/IPv4', 'ns/b:/TCP/IPv4'])
  expect(table.take().size).toBe(0)
  table.setSlice(slice('a-1', 'a', ['10.244.0.2']))
  expect([...table.take()].map(([key, rules]) => [key, endpoints(rules)])).toEqual([['ns/a:/TCP/IPv4', ['10.244.0.2']]])
})

test('take() says nothing of changes that make no difference to the rules', () => {
  const table = new RuleTable(node)
  table.setService(service('a', '10.96.0.1'))
  table.take()
  table.setService({ ...service('a', '10.96.0.1'), metadata: { namespace: 'ns', name: 'a', annotations: { a: 'b' } } })
  table.setNode({ ...node, addresses: ['192.168.1.1'] })
  expect(table.take().size).toBe(0)
})

test('take() tells of services that go, whether or not slices outlive them', () => {
  const table = new RuleTable(node)
  table.setService(service('a', '10.96.0.1'))
  table.setSlice(slice('a-1', 'a', ['10.244.0.1']))
  table.take()
  table.deleteService(service('a', ''))
  expect([...table.take()]).toEqual([['ns/a:/TCP/IPv4', undefined]])
  table.setService(service('a', '10.96.0.7'))
  expect(endpoints(table.take().get('ns/a:/TCP/IPv4'))).toEqual(['10.244.0.1'])
})

test('a slice that moves to another service leaves the first', () => {
  const table = new RuleTable(node)
  table.setService(service('a', '10.96.0.1'))
  table.setService(service('b', '10.96.0.2'))
  const before = slice('x', 'a', ['10.244.0.1'])
  table.setSlice(before)
  table.take()
  table.setSlice(slice('x', 'b', ['10.244.0.1']), before)
  const change = table.take()
  expect([endpoints(change.get('ns/a:/TCP/IPv4')), endpoints(change.get('ns/b:/TCP/IPv4'))]).toEqual([
    [],
    ['10.244.0.1'],
  ])
})

test('an address that two services want belongs to the first, and goes to the other when it is given up', () => {
  const table = new RuleTable(node)
  const addresses = (key: string): unknown =>
    table.rules.get(`ns/${key}:/TCP/IPv4`)?.frontends.map((each) => each.address)
  table.setService(service('a', '10.96.0.1', ['203.0.113.1']))
  table.setService(service('b', '10.96.0.2', ['203.0.113.1']))
  table.take()
  expect([addresses('a'), addresses('b')]).toEqual([['10.96.0.1', '203.0.113.1'], ['10.96.0.2']])
  table.setService(service('a', '10.96.0.1'))
  expect([...table.take().keys()].sort()).toEqual(['ns/a:/TCP/IPv4', 'ns/b:/TCP/IPv4'])
  expect([addresses('a'), addresses('b')]).toEqual([['10.96.0.1'], ['10.96.0.2', '203.0.113.1']])
})

test('a cluster IP that passes from one service to another in one go has one owner', () => {
  const table = new RuleTable(node)
  table.setService(service('a', '10.96.0.1'))
  table.take()
  table.setService(service('b', '10.96.0.1'))
  table.deleteService(service('a', ''))
  const change = table.take()
  expect(change.get('ns/a:/TCP/IPv4')).toBeUndefined()
  expect(change.get('ns/b:/TCP/IPv4')?.frontends).toHaveLength(1)
})

test('no sequence of changes gives two service ports one frontend, and the changes add up to the rules', () => {
  const external = ['203.0.113.1', '203.0.113.2', '203.0.113.3']
  const step = record({
    name: constantFrom('a', 'b', 'c'),
    verb: constantFrom('set', 'set', 'delete'),
    address: integer({ min: 1, max: 3 }),
    external: subarray(external),
  })
  assert(
    property(array(array(step, { maxLength: 4 }), { maxLength: 12 }), (batches) => {
      const table = new RuleTable(node)
      const sum = new Map<string, ServicePortRules>()
      for (const batch of batches) {
        for (const { name, verb, address, external: wanted } of batch) {
          if (verb === 'set') table.setService(service(name, `10.96.0.${address}`, wanted))
          else table.deleteService(service(name, ''))
        }
        for (const [key, rules] of table.take()) {
          if (rules) sum.set(key, rules)
          else expect(sum.delete(key)).toBe(true)
        }
        expect(sum).toEqual(table.rules)
        const places = [...sum.values()].flatMap((rules) => rules.frontends.map((each) => frontendKey(rules, each)))
        expect(new Set(places).size).toBe(places.length)
      }
    }),
  )
})
