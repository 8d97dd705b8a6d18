import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ensureServiceAddresses, removeServiceAddresses } from '#network'
import { RuleTable } from '#proxy'
import { createNftPacketFilter } from '#proxy/nft'
import { Lab, labMissing } from './lab.ts'
import type { NodePlace, Place } from './lab.ts'
import { service, tcp } from './services.ts'

const missing = await labMissing()

describe.skipIf(missing !== undefined)('cluster IPs that the node serves', () => {
  let lab: Lab
  let node: NodePlace, pod: Place

  beforeEach(async () => {
    lab = await Lab.create()
    node = await lab.node('n1')
    pod = await lab.pod(node, 'pod')
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  test('answer pods and the node itself, untracked, beside the service proxy, and go again', async () => {
    const options = { addresses: ['10.96.0.10', 'fd96::a'], port: 53, name: 'k8ts-dns', namespace: node.namespace }
    const filter = createNftPacketFilter({
      table: 'proxy',
      families: ['IPv4', 'IPv6'],
      prefix: ['nsenter', `--net=${node.namespace}`],
    })
    // The service is there, and has no endpoints: its rules would refuse what goes to it.
    const table = new RuleTable({ nodeName: 'n1', addresses: [], servedAddresses: ['10.96.0.10', 'fd96::a'] })
    table.setService(service('kube-dns', { clusterIP: '10.96.0.10', clusterIPs: ['10.96.0.10', 'fd96::a'] }, [tcp]))
    table.take()
    const rules = { podCIDRs: [], serviceCIDRs: ['10.96.0.0/12', 'fd96::/112'], masqueradeAll: false }
    await filter.replace({ node: rules, servicePorts: table.rules })
    for (let i = 0; i < 2; i++) await ensureServiceAddresses(options)
    for (const address of options.addresses) {
      for (const protocol of ['UDP', 'TCP'] as const) await node.agent.serve('node', 53, protocol, address)
      for (const protocol of ['UDP', 'TCP'] as const) {
        expect((await pod.agent.request({ address, port: 53, protocol })).text).toMatch(/^node /)
        expect((await node.agent.request({ address, port: 53, protocol })).text).toMatch(/^node /)
      }
    }
    expect(await lab.run(node, ['conntrack', '-L'])).not.toMatch(/dport=53\b/)
    await filter.clear()
    await filter.close()
    for (let i = 0; i < 2; i++) await removeServiceAddresses('k8ts-dns', node.namespace)
    expect(await lab.run(node, ['nft', 'list', 'ruleset'])).toBe('')
    expect(await lab.run(node, ['ip', '-o', 'link'])).not.toContain('k8ts-dns')
  })
})
