import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pods as podResource } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import type { Agent } from './agent.ts'
import { Lab } from './lab.ts'
import type { Place } from './lab.ts'
import { podsMissing, RealPods } from './pods.ts'
import type { RealPod } from './pods.ts'

const missing = await podsMissing()

describe.skipIf(missing !== undefined)('pod network', () => {
  let lab: Lab
  let pods: RealPods
  let n1: Place, n2: Place, outside: Place

  beforeAll(async () => {
    lab = await Lab.create()
    pods = new RealPods()
    ;[n1, n2, outside] = [await lab.host('n1'), await lab.host('n2'), await lab.host('outside')]
    for (const node of [n1, n2]) await lab.run(node, ['ip', 'route', 'add', 'default', 'via', outside.address])
    await pods.startNode(n1, ['10.244.1.0/24'])
    await pods.startNode(n2, ['10.244.2.0/24'])
    await n1.agent.serve('n1', 8080)
    await outside.agent.serve('outside', 8080)
  })

  afterAll(async () => {
    await pods?.[Symbol.asyncDispose]()
    await lab?.[Symbol.asyncDispose]()
  })

  const startPod = async (node: Place, name: string): Promise<RealPod & { readonly address: string }> => {
    const pod = await pods.startPod(node, name)
    return { ...pod, address: pod.addresses[0] ?? '' }
  }

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
    await pods.client.create(podResource, pod)
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
    await pods.client.delete(podResource, { namespace: 'default', name: 'g' })
    const refused = expect.poll(() => outside.agent.request({ address: n1.address, port: 4000 }), { timeout: 30_000 })
    await refused.toMatchObject({ error: 'ECONNREFUSED' })
  })

  test('everything is taken away when it stops and shall clean up', async () => {
    await pods.stop()
    for (const node of [n1, n2]) {
      expect(existsSync(pods.configOf(node))).toBe(false)
      expect(await lab.run(node, ['nft', 'list', 'ruleset'])).toBe('')
      expect(await lab.run(node, ['ip', 'route', 'show', 'proto', '84'])).toBe('')
    }
  })
})
