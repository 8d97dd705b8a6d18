import type { ServiceExplanation } from '#cluster'

type Port = ServiceExplanation['ports'][number]
type Endpoint = Port['endpoints'][number]

/** Endpoints of a port that are shown, those first that are out of order. */
const most = 20

/** Where packets for a Service end, in lines for people. */
export function serviceReasonLines({
  service,
  type,
  names,
  notes,
  from,
  ports,
  noEndpoints,
}: ServiceExplanation): readonly string[] {
  return [
    `Service ${service}: ${type}`,
    ...names.map((name) => `  ${name}`),
    ...notes.map((note) => `  ${note}`),
    ...(noEndpoints.length === 0
      ? []
      : ['', 'It has no endpoint that is ready', ...noEndpoints.map((why) => `  ${why}`)]),
    ...ports.flatMap((port) => portLines(port, from)),
  ]
}

function portLines(port: Port, from: string | undefined): readonly string[] {
  const name = port.name === '' ? '' : `${port.name} `
  const target = port.targetPort === String(port.port) ? '' : `, target port ${port.targetPort}`
  const frontends = port.frontends.map(
    ({ kind, address, port: number, meaning }) =>
      [`${address ? bracketed(address) : 'every node'}:${number} (${kinds[kind]})`, meaning] as const,
  )
  const width = Math.max(0, ...frontends.map(([where]) => where.length))
  const shown = port.endpoints.toSorted((a, b) => Number(isFine(a)) - Number(isFine(b))).slice(0, most)
  const left = port.endpoints.length - shown.length
  return [
    '',
    `Port ${name}${port.port}/${port.protocol}${target}${port.family === 'IPv6' ? ' (IPv6)' : ''}`,
    ...frontends.map(([where, meaning]) => `  ${where.padEnd(width)}  ${meaning}`),
    ...(port.endpoints.length === 0 ? [] : ['  Endpoints']),
    ...shown.map((endpoint) => `    ${endpointText(endpoint)}`),
    ...(left > 0 ? [`    and ${left} more in order`] : []),
    `  A packet from ${from ?? 'inside the cluster'}: ${port.outcome}`,
  ]
}

const kinds = {
  ClusterIP: 'cluster IP',
  NodePort: 'node port',
  ExternalIP: 'external IP',
  LoadBalancer: 'load balancer',
} as const satisfies { readonly [kind in Port['frontends'][number]['kind']]: string }

const isFine = ({ state, egress, ingress }: Endpoint): boolean =>
  state === 'ready' && egress?.allowed !== false && ingress?.allowed !== false

function endpointText({ address, port, pod, node, state, reason, used, egress, ingress }: Endpoint): string {
  const who = `${pod === undefined ? 'no pod' : `pod ${pod}`}${node === undefined ? '' : ` on ${node}`}`
  const verdicts = [
    ...(egress?.allowed === false ? [`${policiesOf(egress)} keeps the packet from leaving`] : []),
    ...(ingress?.allowed === false ? [`${policiesOf(ingress)} keeps it from coming in`] : []),
  ]
  const what = reason === undefined ? state : `${state}: it ${reason}`
  const unused = state === 'ready' && !used && verdicts.length === 0 ? ['not used from here'] : []
  return [`${bracketed(address)}:${port}  ${who}: ${what}`, ...unused, ...verdicts].join('; ')
}

const policiesOf = ({ kind, policies }: NonNullable<Endpoint['egress']>): string =>
  `${kind ?? 'NetworkPolicy'} ${policies.join(', ')}`

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address)
