import type { APIService, ServiceReference } from '#api/apiregistration/v1'
import type { Service } from '#api/core/v1'
import type { Headers, UserInfo } from '#client'
import { bytesOfBase64, decodeText } from '#machinery'
import type { KubeObject } from '#machinery'
import type { Backend } from '../proxy/backend.ts'
import type { Services } from '../services.ts'
import { addressOf } from '../webhook/target.ts'

/** An APIService that a server of its own answers for. */
export interface RemoteAPIService extends APIService {
  readonly spec: NonNullable<APIService['spec']> & { readonly service: ServiceReference }
}

export function isRemote(object: APIService | undefined): object is RemoteAPIService {
  return object?.spec?.service !== undefined
}

/** Who answers for a group version, if it is another server. */
export function remoteService(services: Services, group: string, version: string): RemoteAPIService | undefined {
  const name = `${version}.${group}`
  const found = services.peek<APIService & KubeObject>('apiregistration.k8s.io', 'apiservices', '', name)
  return isRemote(found) ? found : undefined
}

export function isAvailable({ status }: APIService): boolean {
  return (status?.conditions ?? []).some(({ type, status: state }) => type === 'Available' && state === 'True')
}

/**
 * One of the servers behind an APIService.
 * @throws Error when there is none
 */
export function backendOf({ spec }: RemoteAPIService, services: Services): Backend {
  const { name = '', namespace = '', port = 443 } = spec.service
  const service = services.peek<Service & KubeObject>('', 'services', namespace, name)
  if (!service) throw new Error(`service "${name}" not found`)
  const authorities = spec.caBundle ? { authorities: decodeText(bytesOfBase64(spec.caBundle)) } : {}
  return {
    kind: 'apiServer',
    scheme: 'https',
    ...addressOf(service, port, services),
    ...(spec.insecureSkipTLSVerify ? {} : { verify: { serverName: `${name}.${namespace}.svc`, ...authorities } }),
  }
}

/** Headers that say for whom a proxy asks. */
export function identityHeaders({ name, uid, groups, extra = {} }: UserInfo): {
  readonly headers: Headers
  readonly repeated: { readonly [name: string]: readonly string[] }
} {
  const repeated: { [name: string]: readonly string[] } = {}
  if (groups.length > 0) repeated['x-remote-group'] = groups
  for (const [key, values] of Object.entries(extra)) repeated[`x-remote-extra-${escapedKey(key)}`] = values
  return { headers: { 'x-remote-user': name, ...(uid ? { 'x-remote-uid': uid } : {}) }, repeated }
}

/** A key as part of a header's name, which has fewer characters. */
function escapedKey(key: string): string {
  return key
    .toLowerCase()
    .replaceAll(/[^!#$&'*+\-.^_`|~0-9a-z]+/g, (text) =>
      Array.from(new TextEncoder().encode(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    )
}
