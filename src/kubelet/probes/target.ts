import type { Container, HTTPGetAction } from '#api/core/v1'
import { ipFamilyOf } from '#machinery'
import type { HttpRequest } from '../seams/probe-network.ts'

/** Kubernetes' version as probes tell it. */
const probeVersion = '1.36'

/** Number of a port that is given by number or by the name of one of the container's ports. @throws Error. */
export function portOf(port: number | string, container: Container): number {
  const number =
    typeof port === 'number'
      ? port
      : (container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port))
  if (Number.isNaN(number)) throw new Error(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`)
  if (number <= 0 || number >= 65_536) throw new Error(`invalid port number: ${number}`)
  return number
}

export function hostPort(host: string, port: number): string {
  return host.includes(':') && ipFamilyOf(host) === 'IPv6' ? `[${host}]:${port}` : `${host}:${port}`
}

/** The request that a probe or a hook describes. */
export function httpRequest(
  action: HTTPGetAction,
  container: Container,
  podIP: string,
  timeoutMs: number,
  purpose: 'probe' | 'lifecycle',
): HttpRequest {
  const scheme = (action.scheme ?? 'HTTP').toLowerCase()
  const host = action.host !== undefined && action.host !== '' ? action.host : podIP
  const path = action.path ?? ''
  const own = action.httpHeaders ?? []
  const has = (name: string): boolean => own.some((header) => header.name.toLowerCase() === name)
  const headers = own.map(({ name, value }) => ({ name, value }))
  if (!has('user-agent')) headers.push({ name: 'User-Agent', value: `kube-${purpose}/${probeVersion}` })
  if (!has('accept')) headers.push({ name: 'Accept', value: '*/*' })
  const slash = path.startsWith('/') || path === '' ? '' : '/'
  return {
    url: `${scheme}://${hostPort(host, portOf(action.port, container))}${slash}${path}`,
    headers: headers.filter(({ name, value }) => !(name.toLowerCase() === 'accept' && value === '')),
    timeoutMs,
  }
}
