import type { Pod } from '#api/core/v1'
import { specOf } from '../pods/containers.ts'

const longestHostname = 63
/** Linux' bound on a node name in the kernel. */
const longestKernelName = 64

export interface PodHostname {
  readonly hostname: string
  /** Domain of the pod's DNS name; empty when it has none. */
  readonly domain: string
}

/** @throws Error when the name can't be cut to what a host name may be. */
export function podHostname(pod: Pod, clusterDomain: string): PodHostname {
  const spec = specOf(pod)
  const { name = '', namespace = '' } = pod.metadata
  if (spec.hostnameOverride !== undefined) return { hostname: truncated(name, spec.hostnameOverride), domain: '' }
  const wanted = spec.hostname !== undefined && spec.hostname !== '' ? spec.hostname : name
  const { subdomain = '' } = spec
  return {
    hostname: truncated(name, wanted),
    domain: subdomain === '' ? '' : `${subdomain}.${namespace}.svc.${clusterDomain}`,
  }
}

function truncated(podName: string, hostname: string): string {
  if (hostname.length <= longestHostname) return hostname
  const cut = hostname.slice(0, longestHostname).replace(/[-.]+$/, '')
  if (cut === '')
    throw new Error(`hostname for pod ${JSON.stringify(podName)} was invalid: ${JSON.stringify(hostname)}`)
  return cut
}

/** What `hostname` prints in the pod: the host name or, where the pod wants it, the whole DNS name. */
export function kernelHostname(pod: Pod, { hostname, domain }: PodHostname): string {
  if (!specOf(pod).setHostnameAsFQDN || domain === '') return hostname
  const name = `${hostname}.${domain}`
  if (name.length > longestKernelName) {
    const limit = `${longestKernelName} characters is the max, ${name.length} characters requested`
    throw new Error(
      `failed to construct FQDN from pod hostname and cluster domain, FQDN ${name} is too long (${limit})`,
    )
  }
  return name
}
