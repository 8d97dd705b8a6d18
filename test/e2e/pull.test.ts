import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EndpointSlice } from '#api/discovery/v1'
import { runCommand } from '#network'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine, missing } from './support/describe.ts'
import { examplePage, Typist } from './support/page-run.ts'

const lacking =
  missing ??
  (await runCommand(['sh', '-c', 'command -v docker-registry']).then(
    () => undefined,
    () => 'needs docker-registry',
  ))
const page = await examplePage('registry')

describeOnMachine(
  'examples/registry',
  () => {
    test('images that no node has come from a registry: what the page says holds', { timeout: 240_000 }, async () => {
      expect(page).toHaveLength(1)
      await using cluster = await E2eCluster.start({ images: ['busybox'] })
      await serveBusybox(cluster)
      const typist = await Typist.at(cluster, 'registry')
      for (const step of page.flatMap(({ steps }) => steps)) await typist.type(step)
    })
  },
  lacking,
)

/** A registry at port 5000 that has busybox, under a name that no node has. */
async function serveBusybox(cluster: E2eCluster): Promise<void> {
  const { machine, name } = cluster
  const { endpoints } = await cluster.get<EndpointSlice>('endpointslice kubernetes')
  const registry = `${endpoints?.[0]?.addresses[0] ?? ''}:5000`
  const configuration = join(machine.folder, 'registry.yml')
  await writeFile(
    configuration,
    `version: 0.1\nstorage: {filesystem: {rootdirectory: ${machine.folder}/registry}}\nhttp: {addr: '${registry}'}\n`,
  )
  machine.spawn(['docker-registry', 'serve', configuration])
  const ctr = ['ctr', '--address', `/run/k8ts/${name}/${name}-1/containerd/containerd.sock`, '-n', 'k8s.io', 'images']
  const image = `${registry}/test/busybox:1`
  await runCommand([...ctr, 'tag', 'docker.io/library/busybox:1.36', image])
  await eventually(async () => {
    const { code, err } = await machine.run([...ctr, 'push', '--plain-http', image])
    expect({ code, err }).toMatchObject({ code: 0 })
  })
  await runCommand([...ctr, 'remove', '--sync', image])
}
