import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Pod } from '#api/core/v1'
import { runCommand } from '#network'
import { E2eCluster, eventually } from './support/cluster.ts'
import { machineMissing } from './support/machine.ts'

const missing =
  (await machineMissing()) ??
  (await runCommand(['sh', '-c', 'command -v docker-registry']).then(
    () => undefined,
    () => 'needs docker-registry',
  ))

describe.skipIf(missing)(`pulling${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('an image that no node has comes from a registry, and one that nobody has is told of', async () => {
    await using cluster = await E2eCluster.start({ images: ['busybox'] })
    const { machine, name } = cluster
    const routes = (await machine.run(['ip', '-4', 'route'])).out
    const gateway = /src (172\.\S+)/.exec(routes)?.[1] ?? ''
    const registry = `${gateway}:5000`
    const configuration = join(machine.folder, 'registry.yml')
    await writeFile(
      configuration,
      `version: 0.1\nstorage: {filesystem: {rootdirectory: ${machine.folder}/registry}}\nhttp: {addr: '${registry}'}\n`,
    )
    machine.spawn(['docker-registry', 'serve', configuration])
    const hosts = join(cluster.dataDir, 'nodes', `${name}-1`, 'registries', registry)
    await mkdir(hosts, { recursive: true })
    await writeFile(
      join(hosts, 'hosts.toml'),
      `server = "http://${registry}"\n[host."http://${registry}"]\n  capabilities = ["pull", "resolve"]\n`,
    )
    const ctr = ['ctr', '--address', `/run/k8ts/${name}/${name}-1/containerd/containerd.sock`, '-n', 'k8s.io', 'images']
    const image = `${registry}/test/busybox:1`
    await runCommand([...ctr, 'tag', 'docker.io/library/busybox:1.36', image])
    await eventually(async () => {
      const { code, err } = await machine.run([...ctr, 'push', '--plain-http', image])
      expect({ code, err }).toMatchObject({ code: 0 })
    })
    await runCommand([...ctr, 'remove', '--sync', image])
    const pod = (podName: string, podImage: string): Promise<string> =>
      cluster.apply(`
apiVersion: v1
kind: Pod
metadata: {name: ${podName}}
spec:
  terminationGracePeriodSeconds: 0
  containers: [{name: c, image: '${podImage}', command: [sleep, infinity]}]
`)
    await pod('pulled', image)
    await cluster.kubectl('wait --for=condition=Ready pod/pulled --timeout=40s').catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${await cluster.kubectl('describe pod pulled')}`)
    })
    expect(await cluster.kubectl('describe pod pulled')).toContain(`Successfully pulled image "${image}"`)
    await pod('nowhere', `${registry}/test/nothing:1`)
    await eventually(async () => {
      const { status } = await cluster.get<Pod>('pod nowhere')
      expect(status?.containerStatuses?.[0]?.state?.waiting?.reason).toMatch(/^(ErrImagePull|ImagePullBackOff)$/)
    })
  })
})
