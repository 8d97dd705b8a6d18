import type { Node, Pod, Secret, ServiceAccount } from '#api/core/v1'
import type { Services } from '../../services.ts'

/** What tokens of service accounts are bound to, as it is now. */
export interface TokenObjects {
  serviceAccount(namespace: string, name: string): ServiceAccount | undefined
  secret(namespace: string, name: string): Secret | undefined
  pod(namespace: string, name: string): Pod | undefined
  node(name: string): Node | undefined
}

export function tokenObjects(services: Services): TokenObjects {
  return {
    serviceAccount: (namespace, name) => services.peek<ServiceAccount>('', 'serviceaccounts', namespace, name),
    secret: (namespace, name) => services.peek<Secret>('', 'secrets', namespace, name),
    pod: (namespace, name) => services.peek<Pod>('', 'pods', namespace, name),
    node: (name) => services.peek<Node>('', 'nodes', '', name),
  }
}
