import type { EndpointSlice } from '#api/discovery/v1'
import type { Service, ServicePort } from '#api/core/v1'
import type { Services } from '../services.ts'
import type { WebhookTarget } from './dialer.ts'

/** How an object of the API says where a webhook is. */
export interface WebhookClientConfig {
  readonly url?: string
  readonly service?: {
    readonly namespace: string
    readonly name: string
    readonly path?: string
    readonly port?: number
  }
  /** PEM, in base64. */
  readonly caBundle?: string
}

/**
 * Where a webhook is: at a URL, or behind a service. Of a service's endpoints one is taken, so that the server need not be
 * where services have addresses.
 *
 * @throws Error when the service, or an endpoint of it, is not there
 */
export function webhookTarget(
  { url = '', service, caBundle }: WebhookClientConfig,
  query: string,
  services: Services,
): WebhookTarget {
  const authorities = caBundle ? { authorities: atob(caBundle) } : {}
  const suffix = query === '' ? '' : `?${query}`
  if (!service) return { url: `${url}${suffix}`, ...authorities }
  const { namespace, name, path = '', port = 443 } = service
  const found = services.peek<Service>('', 'services', namespace, name)
  if (!found) throw new Error(`service "${name}" not found`)
  const address = addressOf(found, port, services)
  return {
    url: `https://${name}.${namespace}.svc:${port}${path.startsWith('/') || path === '' ? path : `/${path}`}${suffix}`,
    ...authorities,
    address,
  }
}

/**
 * Where a service's port leads: to one of its endpoints.
 * @throws Error when there is none
 */
export function addressOf(
  service: Service,
  port: number,
  services: Services,
): { readonly host: string; readonly port: number } {
  const { name = '', namespace = '' } = service.metadata
  if (service.spec.type === 'ExternalName') return { host: service.spec.externalName ?? '', port }
  const wanted = (service.spec.ports ?? []).find((each) => each.port === port)
  if (!wanted) throw new Error(`no service port ${port} found for service "${name}"`)
  const ready = [...services.peekAll<EndpointSlice>('discovery.k8s.io', 'endpointslices', namespace)]
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)
    .flatMap((slice) => readyAddresses(slice, wanted))
  const chosen = ready[Math.floor(services.clock.random() * ready.length)]
  if (!chosen) throw new Error(`no endpoints available for service "${name}"`)
  return chosen
}

function readyAddresses(
  { endpoints, ports }: EndpointSlice,
  { name = '' }: ServicePort,
): {
  readonly host: string
  readonly port: number
}[] {
  const port = (ports ?? []).find((each) => (each.name ?? '') === name)?.port
  if (port === undefined) return []
  return (endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ addresses }) => addresses.map((host) => ({ host, port })))
}
