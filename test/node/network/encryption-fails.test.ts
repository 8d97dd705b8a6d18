import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { nodes } from '#api/core/v1'
import { Lab } from './lab.ts'
import type { Place } from './lab.ts'
import { podsMissing, RealPods } from './pods.ts'

const missing = await podsMissing()

describe.skipIf(missing !== undefined)('pod network between segments whose WireGuard takes no configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8ts-wireguard-'))
  let lab: Lab
  let pods: RealPods
  let n1: Place, n2: Place

  beforeAll(async () => {
    // It is there, and fails whenever it is to do something.
    writeFileSync(join(folder, 'wg'), '#!/bin/sh\n[ "$1" = --version ]\n')
    chmodSync(join(folder, 'wg'), 0o755)
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`)
    lab = await Lab.create()
    pods = new RealPods()
    const router = await lab.host('router')
    ;[n1, n2] = [await lab.host('n1'), await lab.host('n2', 78)]
    const beyond = await lab.plug(router, 78)
    await lab.run(router, ['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'])
    await lab.run(n1, ['ip', 'route', 'add', 'default', 'via', router.address])
    await lab.run(n2, ['ip', 'route', 'add', 'default', 'via', beyond])
    for (const node of [n1, n2]) {
      await lab.run(node, ['ip', 'link', 'add', 'k8ts-wireguard', 'type', 'veth', 'peer', 'name', 'x'])
    }
    await pods.startNode(n1, ['10.244.1.0/24'])
    await pods.startNode(n2, ['10.244.2.0/24'])
  })
  afterAll(async () => {
    await pods?.[Symbol.asyncDispose]()
    await lab?.[Symbol.asyncDispose]()
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  test('pods reach each other unencrypted, and nodes tell no key any more', async () => {
    const keys = async (): Promise<readonly unknown[]> =>
      (await pods.client.list(nodes)).items.map(
        ({ metadata }) => metadata.annotations?.['k8ts.dev/wireguard-public-key'],
      )
    const routes = (node: Place): Promise<string> => lab.run(node, ['ip', 'route', 'show', 'proto', '84'])
    await vi.waitFor(
      async () => {
        for (const node of [n1, n2]) expect(await routes(node)).toContain('dev k8ts-vxlan')
        expect(await keys()).toEqual([undefined, undefined])
      },
      { timeout: 10_000, interval: 100 },
    )
    const [a, b] = [await pods.startPod(n1, 'a'), await pods.startPod(n2, 'b')]
    const { text, error } = await a.agent.request({ address: b.addresses[0] ?? '', port: 8080, timeout: 2000 })
    expect(text ?? error).toBe(`b ${a.addresses[0]}`)
  })
})
