import type { Service } from '#api/core/v1'
import { ipFamilyOf } from '#machinery'

const variableName = (name: string): string => name.replaceAll('-', '_').toUpperCase()

const hostPort = (host: string, port: number): string =>
  ipFamilyOf(host) === 'IPv6' ? `[${host}]:${port}` : `${host}:${port}`

const hasAddress = ({ spec }: Service): boolean =>
  spec?.type !== 'ExternalName' && spec?.clusterIP !== undefined && spec.clusterIP !== '' && spec.clusterIP !== 'None'

/**
 * The services that a pod finds in its environment: those of its namespace where it wants links, and the API server's in
 * any case.
 */
export function linkedServices(services: Iterable<Service>, namespace: string, wantsLinks: boolean): Service[] {
  const linked = new Map<string, Service>()
  for (const service of services) {
    if (!hasAddress(service)) continue
    const { name = '', namespace: own } = service.metadata
    if (own === namespace && wantsLinks) linked.set(name, service)
    else if (own === 'default' && name === 'kubernetes' && !linked.has(name)) linked.set(name, service)
  }
  return [...linked.values()]
}

/** The variables of services: `<NAME>_SERVICE_HOST`, `<NAME>_SERVICE_PORT` and the older links. */
export function serviceVariables(services: readonly Service[]): Map<string, string> {
  const variables = new Map<string, string>()
  for (const { metadata, spec } of services) {
    const prefix = variableName(metadata.name ?? '')
    const host = spec?.clusterIP ?? ''
    const ports = spec?.ports ?? []
    variables.set(`${prefix}_SERVICE_HOST`, host)
    for (const [index, { name, port, protocol = 'TCP' }] of ports.entries()) {
      const url = `${protocol.toLowerCase()}://${hostPort(host, port)}`
      if (index === 0) {
        variables.set(`${prefix}_SERVICE_PORT`, String(port))
        variables.set(`${prefix}_PORT`, url)
      }
      if (name !== undefined && name !== '') variables.set(`${prefix}_SERVICE_PORT_${variableName(name)}`, String(port))
      const link = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`
      variables.set(link, url)
      variables.set(`${link}_PROTO`, protocol.toLowerCase())
      variables.set(`${link}_PORT`, String(port))
      variables.set(`${link}_ADDR`, host)
    }
  }
  return variables
}
