import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodes } from '#api/core/v1'
import { silentLogger, systemClock } from '#base'
import { createClient, createInformerFactory } from '#client'
import type { Client } from '#client'
import { createPodNetwork, ensurePluginFolder, runCommand } from '#network'
import { MemoryApi } from '../../../src/client/testing/memory-api.ts'
import { Agent } from './agent.ts'
import { labMissing } from './lab.ts'
import type { Place } from './lab.ts'

const plugins = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni']

/** Why pod networks can't be tried here; `undefined` when they can. */
export const podsMissing = async (): Promise<string | undefined> =>
  (await labMissing()) ??
  (plugins.some((folder) => existsSync(join(folder, 'loopback')))
    ? undefined
    : `no CNI plugins in ${plugins.join(', ')}`)

/** A pod as a container runtime would start it: a namespace, and the plugins of the node's configuration. */
export interface RealPod {
  readonly addresses: readonly string[]
  readonly agent: Agent
  readonly namespace: string
}

/** Nodes with the pod network, and pods on them. */
export class RealPods implements AsyncDisposable {
  readonly client: Client = createClient(new MemoryApi().transport, { userAgent: 'test' })
  readonly #folder = mkdtempSync(join(tmpdir(), 'k8ts-pods-'))
  readonly #controller = new AbortController()
  readonly #running: Promise<void>[] = []
  readonly #pods: RealPod[] = []

  /** File with the CNI configuration of a node. */
  configOf(node: Place): string {
    return join(this.#folder, node.name, 'net.d', '10-k8ts-pods.conflist')
  }

  async startNode(
    place: Place,
    podCIDRs: readonly string[],
    {
      clusterCIDRs = ['10.244.0.0/16'],
      addresses = [place.address],
    }: { clusterCIDRs?: readonly string[]; addresses?: readonly string[] } = {},
  ): Promise<void> {
    await this.client.create(nodes, {
      metadata: { name: place.name },
      spec: { podCIDR: podCIDRs[0] ?? '', podCIDRs },
      status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
    })
    await ensurePluginFolder({
      folder: join(this.#folder, 'plugins'),
      sources: plugins,
      configurations: join(this.#folder, place.name, 'net.d'),
      own: '10-k8ts-pods.conflist',
      logger: silentLogger,
    })
    const informers = createInformerFactory(this.client, { clock: systemClock })
    const network = createPodNetwork({
      informers,
      client: this.client,
      clock: systemClock,
      logger: silentLogger,
      nodeName: place.name,
      cniDirectory: join(this.#folder, place.name, 'net.d'),
      dataDirectory: join(this.#folder, place.name, 'ipam'),
      clusterCIDRs,
      hasLinkPlugin: true,
      namespace: place.namespace,
      cleanup: true,
    })
    this.#running.push(informers.start(this.#controller.signal), network.start(this.#controller.signal))
    await network.ready
  }

  /** Starts a pod that serves its name at port 8080. */
  async startPod(node: Place, name: string): Promise<RealPod> {
    const namespace = join(this.#folder, name)
    writeFileSync(namespace, '')
    await runCommand(['unshare', `--net=${namespace}`, 'true'])
    const conflist = JSON.parse(readFileSync(this.configOf(node), 'utf8'))
    const environment = {
      CNI_COMMAND: 'ADD',
      CNI_CONTAINERID: createHash('sha256').update(name).digest('hex'),
      CNI_NETNS: namespace,
      CNI_IFNAME: 'eth0',
      CNI_PATH: join(this.#folder, 'plugins'),
    }
    const variables = Object.entries(environment).map(([key, value]) => `${key}=${value}`)
    const plugin = conflist.plugins[0]
    const output = await runCommand(
      ['nsenter', `--net=${node.namespace}`, 'env', ...variables, join(this.#folder, 'plugins', plugin.type)],
      { input: JSON.stringify({ ...plugin, cniVersion: conflist.cniVersion, name: conflist.name }) },
    )
    const result: { readonly ips: readonly { readonly address: string }[] } = JSON.parse(output)
    const pod = {
      addresses: result.ips.map(({ address }) => address.split('/')[0] ?? ''),
      agent: new Agent(namespace),
      namespace,
    }
    this.#pods.push(pod)
    await pod.agent.serve(name, 8080)
    return pod
  }

  /** Ends the networks, which take everything away. */
  async stop(): Promise<void> {
    this.#controller.abort()
    await Promise.all(this.#running)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    for (const { agent, namespace } of this.#pods) {
      await agent[Symbol.asyncDispose]()
      await runCommand(['umount', namespace])
    }
    rmSync(this.#folder, { recursive: true })
  }
}
