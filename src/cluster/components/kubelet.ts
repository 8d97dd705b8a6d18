import { hostname } from 'node:os'
import { readConfiguration } from '#kubelet'
import { createNodeAgent, readConfigurationFile } from '#kubelet/host'
import { UserError } from '../user-error.ts'
import { kubernetesVersion } from '../version.ts'
import { connectRemote, runParts } from './remote.ts'
import type { RemoteSettings } from './remote.ts'

/** The kubelet by itself. */
export interface KubeletSettings extends RemoteSettings {
  /** File with a KubeletConfiguration. */
  readonly configFile?: string
  /** Fields of a KubeletConfiguration, over those of the file. */
  readonly configuration: { readonly [field: string]: unknown }
  readonly nodeName?: string
  /** Addresses of the node; found by itself when absent. */
  readonly nodeIPs?: readonly string[]
  readonly labels: { readonly [name: string]: string }
  /** Folder for volumes and state. */
  readonly root: string
}

const usualRuntime = 'unix:///run/containerd/containerd.sock'

/** Runs a kubelet until the signal aborts. Its pods run on. @throws UserError, Error */
export async function runKubelet(settings: KubeletSettings, signal: AbortSignal): Promise<void> {
  const { configFile, configuration, nodeName, nodeIPs, labels, root } = settings
  const file = configFile === undefined ? {} : await readConfigurationFile(configFile).catch(remedied)
  const config = readConfiguration({ containerRuntimeEndpoint: usualRuntime, ...file, ...configuration })
  const remote = await connectRemote('kubelet', settings)
  try {
    const { client, clock, logger } = remote
    const name = nodeName ?? hostname().toLowerCase()
    const agent = createNodeAgent({
      client,
      clock,
      log: logger,
      config,
      nodeName: name,
      hostname: name,
      version: kubernetesVersion,
      root,
      labels,
      ...(nodeIPs ? { nodeIPs } : {}),
    })
    await runParts([[agent]], remote, signal)
  } finally {
    await remote.close()
  }
}

function remedied(cause: unknown): never {
  throw new UserError(`${(cause as Error).message}: put it right`, { cause })
}
