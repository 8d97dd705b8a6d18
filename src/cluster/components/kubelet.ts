import { hostname } from 'node:os'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { messageOf, systemClock } from '#base'
import { createClient, pacedTransport } from '#client'
import type { Client } from '#client'
import { clientRate, readConfiguration, validateConfiguration } from '#kubelet'
import type { KubeletConfiguration } from '#kubelet'
import { createNodeAgent, readConfigurationFile, withDropIns } from '#kubelet/host'
import type { CredentialProviderFiles, NodeAgent, NodeAgentOptions } from '#kubelet/host'
import { primaryAddress } from '../host/addresses.ts'
import { acquireFileLock } from '../host/flock.ts'
import { checkKeepsFiles } from '../host/place.ts'
import { standardLogger } from '../log.ts'
import { fits, kubeletCertificate, NodeCertificates, readPair, servingCertificate } from '../node/certificates.ts'
import type { NodeCertificate } from '../node/certificates.ts'
import { validUntil } from '../node/state.ts'
import { validateStaticPod } from '../node/static-pods.ts'
import { createProfiler } from '../profiling/profiler.ts'
import { kubeletTracing } from '../tracing/of-kubelet.ts'
import { usageError, UserError } from '../user-error.ts'
import { bootstrapKubelet, clientCertificatePath } from './kubelet-identity.ts'
import { kubernetesVersion } from '../version.ts'
import { connectRemote, runParts, userAgent } from './remote.ts'
import type { Remote, RemoteSettings } from './remote.ts'

/** The kubelet by itself: without a kubeconfig it runs the pods of its manifests, and no API server knows of it. */
export interface KubeletSettings extends RemoteSettings {
  /** File with a KubeletConfiguration. */
  readonly configFile?: string
  /** Folder whose `*.conf` go over that file. */
  readonly configDir?: string
  /** Fields of a KubeletConfiguration, over those of the files. */
  readonly configuration: { readonly [field: string]: unknown }
  readonly nodeName?: string
  /** Addresses of the node; found by itself when absent. */
  readonly nodeIPs?: readonly string[]
  readonly labels: { readonly [name: string]: string }
  /** Folder for volumes and state. */
  readonly root: string
  /** Kubeconfig that may ask for a certificate, by which `kubeconfig` is made when there is none. */
  readonly bootstrapKubeconfig?: string
  /** Folder of certificates that are asked for; `pki` in `root` when absent. */
  readonly certificateDir?: string
  /** Programs that know credentials of registries. */
  readonly credentialProviders?: CredentialProviderFiles
  /** Cgroup of the container runtime, of which the summary tells; of none when absent. */
  readonly runtimeCgroups?: string
  /** File whose lock (flock) the kubelet has while it runs; it waits until nobody else has it. */
  readonly lockFile?: string
  /** Ends the kubelet when somebody else waits for that lock. */
  readonly exitOnLockContention?: boolean
  /** The command line, as `/flagz` shows it. */
  readonly flags?: { readonly [name: string]: string }
}

const usualRuntime = 'unix:///run/containerd/containerd.sock'

/**
 * Runs a kubelet until the signal aborts, or somebody else wants its lock where it is to give way. Its pods run on.
 *
 * @throws UserError, Error
 */
export async function runKubelet(settings: KubeletSettings, signal: AbortSignal): Promise<void> {
  const fields = { ...(await writtenFields(settings).catch(remedied)), ...settings.configuration }
  const config = readConfiguration({ containerRuntimeEndpoint: usualRuntime, ...fields })
  const problems = validateConfiguration(config)
  if (problems.length > 0) {
    throw new UserError(`validate kubelet configuration: ${problems.join('; ')}: put it right`)
  }
  await whileLocked(settings, signal, (until) => runConfigured(settings, { config, fields }, until))
}

/** Runs under the lock of `--lock-file`, where one is named. @throws UserError, and what the work throws */
async function whileLocked(
  { lockFile: path, exitOnLockContention = false, ...settings }: KubeletSettings,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (path === undefined) {
    if (exitOnLockContention)
      throw usageError('cannot exit on lock file contention: no lock file specified: give one with --lock-file')
    return work(signal)
  }
  const log = standardLogger(settings)
  log.info('Acquiring file lock', { path })
  const lock = await acquireFileLock(path, signal).catch((cause: unknown) => {
    const why = messageOf(cause)
    throw new UserError(`unable to acquire file lock on ${JSON.stringify(path)}: ${why}: give another --lock-file`, {
      cause,
    })
  })
  if (!lock) return
  const ended = new AbortController()
  const until = AbortSignal.any([signal, ended.signal])
  const yields = async (): Promise<void> => {
    if (!exitOnLockContention) return
    await lock.contended(systemClock, until)
    if (!until.aborted) log.info('Somebody else waits for the file lock, giving way', { path })
    ended.abort()
  }
  try {
    await Promise.all([work(until).finally(() => ended.abort()), yields()])
  } finally {
    lock.release()
  }
}

interface Configured {
  readonly config: KubeletConfiguration
  /** As they were written. */
  readonly fields: CertificateFields
}

async function runConfigured(
  settings: KubeletSettings,
  { config, fields: { rotateCertificates = false, serverTLSBootstrap = false } }: Configured,
  signal: AbortSignal,
): Promise<void> {
  const { nodeName, nodeIPs, labels, root } = settings
  const name = nodeName ?? hostname().toLowerCase()
  const { kubeconfig, bootstrapKubeconfig, certificateDir = join(root, 'pki'), credentialProviders } = settings
  await checkKeepsFiles(resolve(root), '--root-dir')
  await checkKeepsFiles(resolve(certificateDir), '--cert-dir')
  if (bootstrapKubeconfig !== undefined) {
    if (kubeconfig === undefined)
      throw usageError('--bootstrap-kubeconfig goes with --kubeconfig, which it makes: give both')
    await bootstrapKubelet({ ...settings, kubeconfig, bootstrapKubeconfig, certificateDir, nodeName: name, signal })
  }
  const context = { clock: systemClock, log: standardLogger(settings) }
  await using tracing = await kubeletTracing(config, name, context)
  const { tracer } = tracing
  const agentOf = (way: Pick<NodeAgentOptions, 'client' | 'clock' | 'log' | 'requests' | 'unpacedClient'>): NodeAgent =>
    createNodeAgent({
      ...way,
      config,
      nodeName: name,
      hostname: name,
      version: kubernetesVersion,
      root,
      labels,
      tracer,
      validatePod: validateStaticPod,
      profiler: createProfiler(),
      ...(nodeIPs ? { nodeIPs } : {}),
      ...(credentialProviders ? { credentialProviders } : {}),
      ...(settings.runtimeCgroups === undefined ? {} : { runtimeCgroups: settings.runtimeCgroups }),
      ...(settings.flags ? { flags: settings.flags } : {}),
    })
  if (kubeconfig === undefined) {
    checkStandalone(config)
    const log = standardLogger(settings)
    log.info('Standalone mode, no API client')
    await runParts([[agentOf({ clock: systemClock, log })]], { logger: log }, signal)
    return
  }
  await using remote = await connectRemote('kubelet', settings, tracer)
  const { client: unpacedClient, clock, logger, requests } = remote
  const client = pacedClient(remote, config)
  const agent = agentOf({ client, unpacedClient, requests, clock, log: logger })
  const own = clientCertificatePath(certificateDir)
  const wanted: NodeCertificate[] = []
  if (rotateCertificates && (await validUntil(own)) > 0) wanted.push({ path: own, wanted: kubeletCertificate(name) })
  if (serverTLSBootstrap) wanted.push(await serving(agent, name, settings, config.clientCAFile))
  const certificates = new NodeCertificates({ client, clock, logger, certificates: wanted })
  await runParts([[agent, ...(wanted.length > 0 ? [certificates] : [])]], remote, signal)
}

/** Nobody can be asked who somebody is, or what he may do, where there is no API. @throws UserError */
function checkStandalone({ webhookAuthentication, authorizationMode }: KubeletConfiguration): void {
  const without = 'no client provided, cannot use webhook'
  if (webhookAuthentication.enabled)
    throw new UserError(`${without} authentication: give --kubeconfig, or set authentication.webhook.enabled to false`)
  if (authorizationMode === 'Webhook')
    throw new UserError(`${without} authorization: give --kubeconfig, or set authorization.mode to AlwaysAllow`)
}

/** A client that keeps to the rate that the configuration asks for, if it does. */
function pacedClient({ client, transport, clock }: Remote, { kubeAPIQPS, kubeAPIBurst }: KubeletConfiguration): Client {
  if (!Number.isFinite(kubeAPIQPS)) return client
  const paced = pacedTransport(transport, clock, clientRate(kubeAPIQPS, kubeAPIBurst))
  return createClient(paced, { userAgent: userAgent('kubelet') })
}

async function writtenFields({
  configFile,
  configDir,
}: KubeletSettings): Promise<{ readonly [field: string]: unknown }> {
  const base = configFile === undefined ? {} : await readConfigurationFile(configFile)
  return configDir === undefined ? base : withDropIns({ containerRuntimeEndpoint: usualRuntime, ...base }, configDir)
}

interface CertificateFields {
  readonly rotateCertificates?: boolean
  readonly serverTLSBootstrap?: boolean
}

/** What the kubelet's server shows, signed by the cluster. What it has signed itself serves until then. */
async function serving(
  agent: NodeAgent,
  name: string,
  { nodeIPs, root, certificateDir = join(root, 'pki') }: KubeletSettings,
  clientCaFile: string,
): Promise<NodeCertificate> {
  const address = nodeIPs?.[0] ?? primaryAddress() ?? '127.0.0.1'
  const clientCa = clientCaFile === '' ? {} : { clientCa: await readFile(clientCaFile, 'utf8') }
  const path = join(certificateDir, 'kubelet-server')
  const wanted = servingCertificate(name, address)
  const stored = await readPair(path)
  if (stored && fits(stored, wanted)) agent.setTls({ ...stored, ...clientCa })
  return { path, wanted, onRenewed: (pair) => agent.setTls({ ...pair, ...clientCa }) }
}

function remedied(cause: unknown): never {
  throw new UserError(`${(cause as Error).message}: put it right`, { cause })
}
