import type { Namespace } from '#api/core/v1'
import { forbidden, notFound, StatusError } from '#machinery'
import type { Services } from '../../services.ts'
import type { AdmissionPlugin } from '../admission.ts'
import { refused } from '../refusal.ts'

const immortal: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public'])

/** Objects live in namespaces that are there; nothing new comes into one that is being deleted; some can't be deleted. */
export function namespaceLifecycle({ peek }: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE', 'UPDATE', 'DELETE'],
    admit(attributes) {
      const { operation, kind, name, namespace, endpoint } = attributes
      if (kind.group === '' && kind.kind === 'Namespace') {
        if (operation === 'DELETE' && immortal.has(name))
          throw forbidden({ group: '', resource: 'namespaces' }, name, 'this namespace may not be deleted')
        return
      }
      if (namespace === '' || operation === 'DELETE') return
      // What someone may do in a namespace can be asked without learning whether it is there.
      if (endpoint.plural === 'localsubjectaccessreviews' && endpoint.group === 'authorization.k8s.io') return
      const found = peek<Namespace>('', 'namespaces', '', namespace)
      if (!found) throw notFound({ group: '', resource: 'namespaces' }, namespace)
      if (operation !== 'CREATE' || found.status?.phase !== 'Terminating') return
      const refusal = refused(
        attributes,
        `unable to create new content in namespace ${namespace} because it is being terminated`,
      )
      const { details } = refusal.status
      const cause = {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      }
      throw new StatusError({
        ...refusal.status,
        details: { ...details, causes: [...(details?.causes ?? []), cause] },
      })
    },
  }
}
