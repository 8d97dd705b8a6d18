import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EndpointSlice } from '#api/discovery/v1'
import { runCommand } from '#network'
import { eventually } from '../run/eventually.ts'
import { E2eCluster } from './support/cluster.ts'
import { describeOnMachine, missing } from './support/describe.ts'
import { Machine } from './support/machine.ts'
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

    test(
      'programs that flags of k8ts up name are asked for credentials of registries',
      { timeout: 240_000 },
      async () => {
        const machine = await Machine.create()
        await using _ = machine
        const [config, asked] = [join(machine.folder, 'providers.yaml'), join(machine.folder, 'asked')]
        const answer = {
          kind: 'CredentialProviderResponse',
          apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
          cacheKeyType: 'Image',
          auth: { '*.*.*.*:5000': { username: 'me', password: 'secret' } },
        }
        const script = `#!/bin/sh\ncat >>${asked}\necho '${JSON.stringify(answer)}'\n`
        await mkdir(join(machine.folder, 'programs'))
        await writeFile(join(machine.folder, 'programs', 'ask'), script, { mode: 0o755 })
        await writeFile(
          config,
          `
apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  - name: ask
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    matchImages: ['*.*.*.*:5000']
    defaultCacheDuration: 1s
`,
        )
        const names = ['--image-credential-provider-config', config]
        const programs = ['--image-credential-provider-bin-dir', join(machine.folder, 'programs')]
        await using cluster = await E2eCluster.start({ machine, images: ['busybox'], flags: [...names, ...programs] })
        const image = await serveBusybox(cluster)
        const [registry = ''] = image.split('/')
        const folder = join(cluster.dataDir, 'nodes', `${cluster.name}-1`, 'registries', registry)
        await mkdir(folder, { recursive: true })
        await writeFile(join(folder, 'hosts.toml'), `[host."http://${registry}"]\n`)
        await cluster.kubectl(`run puller --image=${image} --restart=Never -- true`)
        await cluster.kubectl('wait --for=jsonpath={.status.phase}=Succeeded --timeout=60s pod/puller')
        expect(await readFile(asked, 'utf8')).toContain(`"image":"${registry}/test/busybox"`)
      },
    )
  },
  lacking,
)

/** A registry at port 5000 that has busybox, under a name that no node has. @returns that name. */
async function serveBusybox(cluster: E2eCluster): Promise<string> {
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
  return image
}
