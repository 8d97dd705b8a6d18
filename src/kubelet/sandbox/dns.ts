import type { Pod, PodDNSConfigOption } from '#api/core/v1'
import { isHostNetwork, specOf } from '../pods/containers.ts'
import type { DnsConfig } from '../runtime/records.ts'

export interface DnsPolicy {
  /** Addresses of the cluster's DNS. */
  readonly clusterDns: readonly string[]
  readonly clusterDomain: string
  /** What the node's resolver file says; `undefined` when there is none. */
  readonly host: DnsConfig | undefined
}

export interface DnsVerdict {
  readonly config: DnsConfig
  /** What had to be left out, for people to read. */
  readonly warnings: readonly { readonly reason: string; readonly message: string }[]
}

const defaultOptions = ['ndots:5']
const mostServers = 3
const mostSearches = 32
const longestSearchList = 2048
const longestSearch = 253

/** resolv.conf of a pod, by its policy and its own wishes. */
export function podDns(pod: Pod, policy: DnsPolicy, podName: string): DnsVerdict {
  const warnings: { reason: string; message: string }[] = []
  let config = baseConfig(pod, policy, (message) => {
    warnings.push({ reason: 'MissingClusterDNS', message: `pod: ${JSON.stringify(podName)}. ${message}` })
  })
  const own = specOf(pod).dnsConfig
  if (own) {
    config = {
      servers: unique([...config.servers, ...(own.nameservers ?? [])]),
      searches: unique([...config.searches, ...(own.searches ?? [])]),
      options: mergedOptions(config.options, own.options ?? []),
    }
  }
  const warn = (message: string): void => {
    warnings.push({ reason: 'DNSConfigForming', message })
  }
  const servers = fittingServers(config.servers, warn)
  return { config: { servers, searches: fittingSearches(config.searches, warn), options: config.options }, warnings }
}

function baseConfig(pod: Pod, policy: DnsPolicy, warn: (message: string) => void): DnsConfig {
  const { dnsPolicy = 'ClusterFirst' } = specOf(pod)
  if (dnsPolicy === 'None') return { servers: [], searches: [], options: [] }
  const wantsCluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !isHostNetwork(pod))
  if (wantsCluster) {
    if (policy.clusterDns.length > 0) return clusterConfig(pod, policy)
    warn(
      'kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy. ' +
        'Falling back to "Default" policy.',
    )
  }
  return policy.host ?? { servers: ['127.0.0.1'], searches: ['.'], options: [] }
}

function clusterConfig(pod: Pod, { clusterDns, clusterDomain, host }: DnsPolicy): DnsConfig {
  const hostSearches = host?.searches ?? []
  const own = [`${pod.metadata.namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain]
  return {
    servers: clusterDns,
    searches: clusterDomain === '' ? hostSearches : unique([...own, ...hostSearches]),
    options: defaultOptions,
  }
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]

function mergedOptions(before: readonly string[], own: readonly PodDNSConfigOption[]): string[] {
  const options = new Map<string, string>()
  for (const option of before) {
    const colon = option.indexOf(':')
    if (colon < 0) options.set(option, '')
    else options.set(option.slice(0, colon), option.slice(colon + 1))
  }
  for (const { name = '', value = '' } of own) options.set(name, value)
  return [...options].map(([name, value]) => (value === '' ? name : `${name}:${value}`))
}

function fittingServers(servers: readonly string[], warn: (message: string) => void): readonly string[] {
  if (servers.length <= mostServers) return servers
  const fitting = servers.slice(0, mostServers)
  const line = fitting.join(' ')
  warn(`Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${line}`)
  return fitting
}

function fittingSearches(searches: readonly string[], warn: (message: string) => void): readonly string[] {
  let fitting = searches.slice(0, mostSearches).filter((search) => search.length <= longestSearch)
  while (fitting.join(' ').length > longestSearchList) fitting = fitting.slice(0, -1)
  if (fitting.length < searches.length) {
    const line = fitting.join(' ')
    warn(`Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${line}`)
  }
  return fitting
}

/** Reads a resolver file. Of an option that is given twice the last one counts. */
export function parseResolverFile(text: string): DnsConfig {
  const servers: string[] = []
  let searches: string[] = []
  const options = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [keyword = '', ...values] = line.trim().split(/\s+/)
    if (keyword === 'nameserver' && values[0] !== undefined) servers.push(values[0])
    else if (keyword === 'search') {
      searches = values.filter((value) => value !== '.').map((value) => value.replace(/\.$/, ''))
    } else if (keyword === 'options') {
      for (const option of values) options.set(option.split(':')[0] ?? '', option)
    }
  }
  return { servers, searches, options: [...options.values()] }
}
