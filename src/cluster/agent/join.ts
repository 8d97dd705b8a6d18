import { systemClock } from '#base'
import type { Clock, Component, Logger } from '#base'
import { pods } from '#api/core/v1'
import { createClient, createInformerFactory, RequestMetrics } from '#client'
import type { Client, InformerFactory } from '#client'
import { createHttpTransport } from '#client/http'
import { createDns } from '#dns'
import { createDnsServer, createExchange, followResolvConf } from '#dns/server'
import { readConfiguration } from '#kubelet'
import { createNodeAgent } from '#kubelet/host'
import type { Containerd, NodeAgent, ServerTls } from '#kubelet/host'
import { createAnnouncer, createPodNetwork } from '#network'
import { createNetworkPolicies, createProxy } from '#proxy'
import { createHealthCheckServer, createNftPacketFilter, createNftPolicyFilter } from '#proxy/nft'
import { validateStaticPod } from '../node/static-pods.ts'
import { createProfiler } from '../profiling/profiler.ts'
import { blocksOf, familiesOf } from '../state/blocks.ts'
import { nodeNetworkNames } from './names.ts'
import type { CertificateFiles, NodeMembership, NodePreparation } from './messages.ts'
import { hasLinkPlugin } from './plugins.ts'
import { proxyServing } from './proxy-serving.ts'

export interface JoinOptions {
  readonly preparation: NodePreparation
  readonly membership: NodeMembership
  readonly containerd: Pick<Containerd, 'endpoint' | 'sandboxSeccomp'>
  readonly version: string
  readonly logger: Logger
  readonly clock?: Clock
}

const resolverFile = '/etc/resolv.conf'

/**
 * What is left of the disk before pods and unused images go. Percentages of it, as a machine has them that is nothing but a
 * node, would take pods from machines that people also work on: their disks are large, and fuller.
 */
const fullDisk = {
  imageGCHighThresholdPercent: 97,
  imageGCLowThresholdPercent: 95,
  evictionHard: {
    'memory.available': '100Mi',
    'nodefs.available': '1Gi',
    'nodefs.inodesFree': '1%',
    'imagefs.available': '1Gi',
    'imagefs.inodesFree': '1%',
  },
}

export interface JoinedNode {
  /** The kubelet's. */
  readonly client: Client
  readonly kubelet: NodeAgent
  /** All parts, the kubelet among them. */
  readonly components: readonly Component[]
}

/** How the kubelet's server shows itself, and whose clients it trusts. */
export const tlsOf = ({ serving, authority }: Pick<NodeMembership, 'serving' | 'authority'>): ServerTls => ({
  ...serving,
  clientCa: authority,
})

/** Everything that makes a machine a node: kubelet, pod network, Services and DNS, sharing one connection and its caches. */
export function joinCluster(options: JoinOptions): JoinedNode {
  const { preparation, membership, version, logger, clock = systemClock } = options
  const requests = new RequestMetrics(clock)
  const connect = (as: CertificateFiles): Connection => connectTo(membership, as, { clock, logger, version, requests })
  const [own, network] = [connect(membership.kubelet), connect(membership.network)]
  const { client } = own
  const informers = sharedInformers(own.informers, network.informers)
  const shared: Shared = { informers, clock, logger, nodeName: preparation.nodeName }
  const kubelet = kubeletOf(options, { client, requests, clock })
  return {
    client,
    kubelet,
    components: [
      own.component,
      network.component,
      ...networkParts(options, shared, client),
      ...dnsParts(options, shared),
      kubelet,
    ],
  }
}

/** What the parts of a node have in common. */
interface Shared {
  readonly informers: InformerFactory
  readonly clock: Clock
  readonly logger: Logger
  readonly nodeName: string
}

function kubeletOf(
  { preparation, membership, containerd, version, logger }: JoinOptions,
  { client, requests, clock }: { readonly client: Client; readonly requests: RequestMetrics; readonly clock: Clock },
): NodeAgent {
  const { nodeName, layout, dnsAddress, credentialProviders } = preparation
  const config = readConfiguration({
    clusterDomain: membership.domain,
    clusterDNS: [dnsAddress],
    cgroupRoot: preparation.cgroupRoot,
    podLogsDir: layout.podLogDir,
    containerRuntimeEndpoint: containerd.endpoint,
    healthzPort: 10_248,
    ...fullDisk,
    // Pulls wait for each other: none has to fail because others began a moment ago.
    registryPullQPS: 0,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true } },
    authorization: { mode: 'Webhook' },
  })
  return createNodeAgent({
    client,
    requests,
    clock,
    log: logger,
    config,
    nodeName,
    profiler: createProfiler(),
    hostname: nodeName,
    nodeIPs: membership.addresses,
    root: layout.kubeletRoot,
    containerLogs: layout.containerLogDir,
    tls: tlsOf(membership),
    version,
    validatePod: validateStaticPod,
    ...(credentialProviders && { credentialProviders }),
    ...(containerd.sandboxSeccomp === undefined ? {} : { sandboxSeccomp: containerd.sandboxSeccomp }),
  })
}

/** Routes of pods, Services, policies, and addresses of load balancers. */
function networkParts({ preparation, membership }: JoinOptions, shared: Shared, client: Client): Component[] {
  const { layout, dnsAddress } = preparation
  const clusterCIDRs = blocksOf(membership.podBlock)
  const families = familiesOf(membership.podBlock)
  const podNetwork = createPodNetwork({
    ...shared,
    client,
    name: nodeNetworkNames.pods,
    cniDirectory: layout.cniConfDir,
    dataDirectory: layout.podAddressDir,
    hasLinkPlugin: hasLinkPlugin(layout),
    clusterCIDRs,
  })
  const proxy = createProxy({
    ...shared,
    packetFilter: createNftPacketFilter({ table: nodeNetworkNames.services, families, logger: shared.logger }),
    healthChecks: createHealthCheckServer(membership.addresses),
    clusterCIDRs,
    servedAddresses: [dnsAddress],
  })
  const policies = createNetworkPolicies({
    ...shared,
    policyFilter: createNftPolicyFilter({ table: nodeNetworkNames.policies, families }),
    clusterPolicies: true,
  })
  const announcer = createAnnouncer({ ...shared, client, table: nodeNetworkNames.announced })
  return [podNetwork, proxy, proxyServing(proxy, families, shared.logger), policies, announcer]
}

function dnsParts({ preparation, membership }: JoinOptions, shared: Shared): Component[] {
  const addresses = [preparation.dnsAddress]
  const resolver = followResolvConf(resolverFile, addresses)
  const dns = createDns({
    ...shared,
    exchange: createExchange(),
    upstreams: () => resolver().nameservers,
    searchDomains: () => resolver().searchDomains,
    addresses,
    clusterDomain: membership.domain,
  })
  return [dns, createDnsServer({ respond: dns.respond, addresses, logger: shared.logger })]
}

interface Connection {
  readonly client: Client
  readonly informers: InformerFactory
  readonly component: Component
}

interface ConnectionOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly version: string
  readonly requests: RequestMetrics
}

function connectTo(
  { server, authority }: NodeMembership,
  { certificate, key }: CertificateFiles,
  { clock, logger, version, requests }: ConnectionOptions,
): Connection {
  const config = { server, ca: { pem: authority }, clientCertificate: { file: certificate }, clientKey: { file: key } }
  const transport = createHttpTransport(config, { clock, log: logger, metrics: requests })
  const client = createClient(transport.send, { userAgent: `k8ts-agent/${version}` })
  const informers = createInformerFactory(client, { clock, log: logger })
  const component: Component = {
    name: 'connection',
    async start(signal) {
      await informers.start(signal)
      await transport.close()
    },
  }
  return { client, informers, component }
}

/** Pods of the node are read as the kubelet, who sees no others; everything else as the network. */
function sharedInformers(own: InformerFactory, network: InformerFactory): InformerFactory {
  return {
    name: network.name,
    start: (signal) => network.start(signal),
    synced: (signal) => network.synced(signal),
    informer: (resource, scope) => {
      const ofNode = resource.kind === pods.kind && scope?.fieldSelector !== undefined
      return (ofNode ? own : network).informer(resource, scope)
    },
  }
}
