import type { HostAlias } from '#api/core/v1'
import type { PodHostname } from './hostname.ts'

const header = '# Kubernetes-managed hosts file.\n'
const hostNetworkHeader = '# Kubernetes-managed hosts file (host network).\n'

/** /etc/hosts of a pod with its own network. */
export function podHostsFile(
  ips: readonly string[],
  { hostname, domain }: PodHostname,
  aliases: readonly HostAlias[],
): string {
  const names = domain === '' ? hostname : `${hostname}.${domain}\t${hostname}`
  return [
    header,
    '127.0.0.1\tlocalhost\n',
    '::1\tlocalhost ip6-localhost ip6-loopback\n',
    'fe00::0\tip6-localnet\n',
    'fe00::0\tip6-mcastprefix\n',
    'fe00::1\tip6-allnodes\n',
    'fe00::2\tip6-allrouters\n',
    ...ips.map((ip) => `${ip}\t${names}\n`),
    aliasLines(aliases),
  ].join('')
}

/** /etc/hosts of a pod in the node's network: the node's own and the pod's aliases. */
export function hostNetworkHostsFile(nodeHosts: string, aliases: readonly HostAlias[]): string {
  return `${hostNetworkHeader}${nodeHosts}${aliasLines(aliases)}`
}

function aliasLines(aliases: readonly HostAlias[]): string {
  if (aliases.length === 0) return ''
  const lines = aliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`)
  return `\n# Entries added by HostAliases.\n${lines.join('')}`
}
