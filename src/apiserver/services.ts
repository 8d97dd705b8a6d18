import type { Clock, Logger } from '#base'
import type { AdmissionChain } from './admission/admission.ts'
import type { AuthenticationServices } from './authn/services.ts'
import type { Authorizer } from './authz/authorizer.ts'
import type { Registry } from './registry/registry.ts'
import type { ResourceTable } from './resource/table.ts'
import type { StoredResource } from './resource/resource.ts'
import type { KubeObject } from '#machinery'

/** What the parts of the API server share. Strategies and admission read other resources through it. */
export interface Services {
  readonly clock: Clock
  readonly logger: Logger
  readonly resources: ResourceTable
  readonly admission: AdmissionChain
  readonly authorizer: Authorizer
  readonly authentication: AuthenticationServices
  /** The registry of a resource that is stored. */
  registryOf(resource: StoredResource): Registry
  /** The newest object of a built-in resource, by group and plural name; `undefined` when there is none. */
  readonly peek: <T extends KubeObject>(group: string, plural: string, namespace: string, name: string) => T | undefined
  /** The newest objects of a built-in resource; every namespace when `namespace` is empty. */
  readonly peekAll: <T extends KubeObject>(group: string, plural: string, namespace: string) => Iterable<T>
}
