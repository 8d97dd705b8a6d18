import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { claimClusterNetwork, ensureClusterNetwork, removeClusterNetwork, runCommand } from '#network'
import type { ClusterNetwork, ClusterNetworkOptions } from '#network'
import { Agent } from './agent.ts'
import { Lab, labMissing } from './lab.ts'
import type { Place } from './lab.ts'

const missing = await labMissing()

describe.skipIf(missing !== undefined)('cluster network on one machine', () => {
  let lab: Lab
  let machine: Place, world: Place
  let folder: string
  const agents: Agent[] = []

  beforeEach(async () => {
    lab = await Lab.create()
    machine = await lab.host('machine')
    world = await lab.host('world')
    await lab.run(machine, ['ip', 'route', 'add', 'default', 'via', world.address])
    await world.agent.serve('world', 8080)
    folder = mkdtempSync(join(tmpdir(), 'k8ts-cluster-'))
  })

  afterEach(async () => {
    for (const agent of agents.splice(0)) await agent[Symbol.asyncDispose]()
    for (const name of ['one', 'two'])
      await removeClusterNetwork(name, join(folder, name), { machine: machine.namespace })
    await lab[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  const optionsOf = (cluster: string, nodes: readonly string[] = ['a', 'b']): ClusterNetworkOptions => ({
    cluster,
    directory: join(folder, cluster),
    nodes,
    podCIDRs: ['10.244.0.0/16'],
    serviceCIDRs: ['10.96.0.0/12'],
    machine: machine.namespace,
  })
  const agentIn = (network: ClusterNetwork, index: number): Agent => {
    const agent = new Agent(network.nodes[index]?.namespace ?? '')
    agents.push(agent)
    return agent
  }

  test('nodes reach each other, the machine and the world, which sees the machine', async () => {
    const network = await ensureClusterNetwork(optionsOf('one'))
    const [a, b] = [agentIn(network, 0), agentIn(network, 1)]
    await b.serve('b', 8080)
    await machine.agent.serve('machine', 8080)
    const [first, second] = network.nodes
    expect((await a.request({ address: second?.address ?? '', port: 8080 })).text).toBe(`b ${first?.address}`)
    expect((await a.request({ address: network.gateway, port: 8080 })).text).toBe(`machine ${first?.address}`)
    expect((await a.request({ address: world.address, port: 8080 })).text).toBe(`world ${machine.address}`)
    expect((await machine.agent.request({ address: second?.address ?? '', port: 8080 })).text).toBe(
      `b ${network.gateway}`,
    )
  })

  test('what is claimed is the machine’s before anything else is made', async () => {
    const network = await claimClusterNetwork(optionsOf('one'))
    const addresses = await lab.run(machine, ['ip', '-o', '-4', 'addr'])
    expect(addresses).toContain(` ${network.gateway}/32 `)
    // Whoever was killed here begins again.
    const again = await claimClusterNetwork(optionsOf('one'))
    expect([again.subnet, again.nodes]).toEqual([network.subnet, network.nodes])
    await again.connect()
    await machine.agent.serve('machine', 8080)
    expect((await agentIn(again, 1).request({ address: network.gateway, port: 8080 })).text).toBe(
      `machine ${network.nodes[1]?.address}`,
    )
  })

  test('packets for pods and services never leave the cluster', async () => {
    const network = await ensureClusterNetwork(optionsOf('one'))
    await lab.run(world, ['ip', 'addr', 'add', '10.244.9.9/32', 'dev', 'lo'])
    await lab.run(world, ['ip', 'addr', 'add', '10.99.9.9/32', 'dev', 'lo'])
    const agent = agentIn(network, 0)
    for (const address of ['10.244.9.9', '10.99.9.9']) {
      expect(await agent.request({ address, port: 8080, timeout: 300 })).toMatchObject({ error: 'timeout' })
    }
  })

  test('a machine whose firewall forwards nothing lets the cluster through, and no longer when it is gone', async () => {
    await lab.run(machine, ['iptables', '-P', 'FORWARD', 'DROP'])
    const network = await ensureClusterNetwork(optionsOf('one'))
    await ensureClusterNetwork(optionsOf('one'))
    expect((await agentIn(network, 0).request({ address: world.address, port: 8080 })).text).toBe(
      `world ${machine.address}`,
    )
    expect(
      (await lab.run(machine, ['iptables', '-S', 'FORWARD'])).split('\n').filter((line) => line.includes('k8ts')),
    ).toHaveLength(2)
    await removeClusterNetwork('one', join(folder, 'one'), { machine: machine.namespace })
    expect((await lab.run(machine, ['iptables', '-S', 'FORWARD'])).trim()).toBe('-P FORWARD DROP')
  })

  test('making it again changes nothing for those who use it, and adds what is missing', async () => {
    const network = await ensureClusterNetwork(optionsOf('one'))
    await agentIn(network, 1).serve('b', 8080)
    const stop = await agentIn(network, 0).load({ address: network.nodes[1]?.address ?? '', port: 8080, workers: 2 })
    const again = await ensureClusterNetwork(optionsOf('one', ['a', 'b', 'c']))
    expect(again.nodes.slice(0, 2)).toEqual(network.nodes)
    expect(again.nodes).toHaveLength(3)
    const report = await stop()
    expect(report.failures).toEqual([])
    // As after a crash in the middle: a cable is gone, the table is gone.
    await runCommand(['nsenter', `--net=${network.nodes[0]?.namespace}`, 'ip', 'link', 'delete', 'eth0'])
    await lab.run(machine, ['nft', 'flush', 'ruleset'])
    await ensureClusterNetwork(optionsOf('one', ['a', 'b', 'c']))
    expect((await agentIn(network, 0).request({ address: world.address, port: 8080 })).text).toBe(
      `world ${machine.address}`,
    )
  })

  test('nodes keep their addresses when the network is made anew', async () => {
    const network = await ensureClusterNetwork(optionsOf('one', ['b', 'a']))
    await removeClusterNetwork('one', join(folder, 'one'), { machine: machine.namespace })
    const again = await ensureClusterNetwork(optionsOf('one', ['a', 'b']))
    expect(again.subnet).toBe(network.subnet)
    expect([...again.nodes].reverse()).toEqual(network.nodes)
  })

  test('clusters side by side have blocks of their own, also when both start at once', async () => {
    const [one, two] = await Promise.all([
      ensureClusterNetwork(optionsOf('one')),
      ensureClusterNetwork(optionsOf('two')),
    ])
    expect(one.subnet).not.toBe(two.subnet)
    await removeClusterNetwork('two', join(folder, 'two'), { machine: machine.namespace })
    expect((await agentIn(one, 0).request({ address: world.address, port: 8080 })).text).toBe(
      `world ${machine.address}`,
    )
  })

  test('removal leaves nothing but what is remembered, however often and from whatever state', async () => {
    const before = await lab.run(machine, ['ip', '-o', 'link'])
    await ensureClusterNetwork(optionsOf('one'))
    await lab.run(machine, ['nft', 'flush', 'ruleset'])
    await removeClusterNetwork('one', join(folder, 'one'), { machine: machine.namespace })
    await removeClusterNetwork('one', join(folder, 'one'), { machine: machine.namespace, forget: true })
    expect(await lab.run(machine, ['ip', '-o', 'link'])).toBe(before)
    expect(await lab.run(machine, ['nft', 'list', 'ruleset'])).toBe('')
    expect(await lab.run(machine, ['ip', 'route', 'show', 'proto', 'static'])).toBe('')
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(folder)
    expect(existsSync(join(folder, 'one', 'netns'))).toBe(false)
    expect(existsSync(join(folder, 'one', 'network.json'))).toBe(false)
  })
})
