import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodes, pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { silentLogger, systemClock } from '#base'
import { createClient, createInformerFactory } from '#client'
import { createPodNetwork, runCommand } from '#network'
import { MemoryApi } from '../../../src/client/testing/memory-api.ts'
import { Agent } from './agent.ts'
import { Lab, labMissing } from './lab.ts'
import type { Place } from './lab.ts'

const plugins = '/usr/lib/cni'
const missing = (await labMissing()) ?? (existsSync(join(plugins, 'ptp')) ? undefined : `no CNI plugins in ${plugins}`)

/** A pod as a container runtime would start it: a namespace, and the plugins of the node's configuration. */
interface RealPod {
  readonly address: string
  readonly agent: Agent
}

describe.skipIf(missing !== undefined)('pod network', () => {
  let lab: Lab
  let folder: string
  let n1: Place, n2: Place, outside: Place
  const client = createClient(new MemoryApi().transport, { userAgent: 'test' })
  const controller = new AbortController()
  const running: Promise<void>[] = []
  const started: { readonly agent: Agent; readonly namespace: string }[] = []

  const configOf = (node: Place): string => join(folder, node.name, 'net.d', '10-k8ts-pods.conflist')

  const startNode = async (place: Place, podCIDR: string): Promise<void> => {
    await client.create(nodes, {
      metadata: { name: place.name },
      spec: { podCIDR, podCIDRs: [podCIDR] },
      status: { addresses: [{ type: 'InternalIP', address: place.address }] },
    })
    const informers = createInformerFactory(client, { clock: systemClock })
    const network = createPodNetwork({
      informers,
      clock: systemClock,
      logger: silentLogger,
      nodeName: place.name,
      cniDirectory: join(folder, place.name, 'net.d'),
      dataDirectory: join(folder, place.name, 'ipam'),
      clusterCIDRs: ['10.244.0.0/16'],
      namespace: place.namespace,
      cleanup: true,
    })
    running.push(informers.start(controller.signal), network.start(controller.signal))
    await network.ready
  }

  const startPod = async (node: Place, name: string): Promise<RealPod> => {
    const namespace = join(folder, name)
    writeFileSync(namespace, '')
    await runCommand(['unshare', `--net=${namespace}`, 'true'])
    await runCommand(['nsenter', `--net=${namespace}`, 'ip', 'link', 'set', 'lo', 'up'])
    const conflist = JSON.parse(readFileSync(configOf(node), 'utf8'))
    const environment = {
      CNI_COMMAND: 'ADD',
      CNI_CONTAINERID: name,
      CNI_NETNS: namespace,
      CNI_IFNAME: 'eth0',
      CNI_PATH: plugins,
    }
    const variables = Object.entries(environment).map(([key, value]) => `${key}=${value}`)
    const plugin = conflist.plugins[0]
    const output = await runCommand(
      ['nsenter', `--net=${node.namespace}`, 'env', ...variables, join(plugins, plugin.type)],
      { input: JSON.stringify({ ...plugin, cniVersion: conflist.cniVersion, name: conflist.name }) },
    )
    const address: string = JSON.parse(output).ips[0].address.split('/')[0]
    const agent = new Agent(namespace)
    started.push({ agent, namespace })
    await agent.serve(name, 8080)
    return { address, agent }
  }

  beforeAll(async () => {
    lab = await Lab.create()
    folder = mkdtempSync(join(tmpdir(), 'k8ts-pods-'))
    ;[n1, n2, outside] = [await lab.host('n1'), await lab.host('n2'), await lab.host('outside')]
    for (const node of [n1, n2]) await lab.run(node, ['ip', 'route', 'add', 'default', 'via', outside.address])
    await startNode(n1, '10.244.1.0/24')
    await startNode(n2, '10.244.2.0/24')
    await n1.agent.serve('n1', 8080)
    await outside.agent.serve('outside', 8080)
  })

  afterAll(async () => {
    controller.abort()
    await Promise.all(running)
    for (const { agent, namespace } of started) {
      await agent[Symbol.asyncDispose]()
      await runCommand(['umount', namespace])
    }
    await lab?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })

  test('pods reach each other, on one node and across nodes, as themselves', async () => {
    const [a, b, c] = [await startPod(n1, 'a'), await startPod(n1, 'b'), await startPod(n2, 'c')]
    expect([a, b, c].map(({ address }) => address)).toEqual(['10.244.1.2', '10.244.1.3', '10.244.2.2'])
    expect((await a.agent.request({ address: b.address, port: 8080 })).text).toBe(`b ${a.address}`)
    expect((await a.agent.request({ address: c.address, port: 8080 })).text).toBe(`c ${a.address}`)
    expect((await c.agent.request({ address: a.address, port: 8080 })).text).toBe(`a ${c.address}`)
  })

  test('pods reach nodes as themselves, nodes reach pods, and the world sees the node', async () => {
    const [d, e] = [await startPod(n1, 'd'), await startPod(n2, 'e')]
    expect((await e.agent.request({ address: n1.address, port: 8080 })).text).toBe(`n1 ${e.address}`)
    expect((await d.agent.request({ address: n1.address, port: 8080 })).text).toBe(`n1 ${d.address}`)
    expect((await n1.agent.request({ address: d.address, port: 8080 })).text).toBe('d 10.244.1.1')
    expect((await n1.agent.request({ address: e.address, port: 8080 })).text).toBe(`e ${n1.address}`)
    expect((await d.agent.request({ address: outside.address, port: 8080 })).text).toBe(`outside ${n1.address}`)
  })

  test('an address that no pod has is refused, not sent away', async () => {
    const f = await startPod(n1, 'f')
    for (const address of ['10.244.1.250', '10.244.2.250', '10.244.77.1']) {
      expect(await f.agent.request({ address, port: 8080 })).toMatchObject({ error: 'EHOSTUNREACH' })
    }
  })

  test('host ports lead to their pod, from outside, from the node and from the pod itself', async () => {
    const g = await startPod(n1, 'g')
    const pod: Pod = {
      metadata: { namespace: 'default', name: 'g' },
      spec: {
        nodeName: 'n1',
        containers: [
          {
            name: 'c',
            ports: [
              { containerPort: 8080, hostPort: 4000 },
              { containerPort: 8080, hostPort: 4001, hostIP: '127.0.0.1' },
            ],
          },
        ],
      },
      status: { phase: 'Running', podIP: g.address, podIPs: [{ ip: g.address }] },
    }
    await client.create(pods, pod)
    const answer = async (agent: Agent, address: string, port: number): Promise<string> => {
      for (let attempt = 0; ; attempt++) {
        const { text, error = '' } = await agent.request({ address, port, timeout: 300 })
        if (text !== undefined || attempt === 20) return text ?? error
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    expect(await answer(outside.agent, n1.address, 4000)).toBe(`g ${outside.address}`)
    expect(await answer(n1.agent, n1.address, 4000)).toMatch(/^g /)
    expect(await answer(n1.agent, '127.0.0.1', 4000)).toMatch(/^g /)
    expect(await answer(n1.agent, '127.0.0.1', 4001)).toMatch(/^g /)
    expect(await answer(g.agent, n1.address, 4000)).toMatch(/^g /)
    expect(await outside.agent.request({ address: n1.address, port: 4001 })).toMatchObject({ error: 'ECONNREFUSED' })
    await client.delete(pods, { namespace: 'default', name: 'g' })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await outside.agent.request({ address: n1.address, port: 4000 })).toMatchObject({ error: 'ECONNREFUSED' })
  })

  test('everything is taken away when it stops and shall clean up', async () => {
    controller.abort()
    await Promise.all(running)
    for (const node of [n1, n2]) {
      expect(existsSync(configOf(node))).toBe(false)
      expect(await lab.run(node, ['nft', 'list', 'ruleset'])).toBe('')
      expect(await lab.run(node, ['ip', 'route', 'show', 'proto', '84'])).toBe('')
    }
  })
})
