import { gatewayGroup } from './types.ts'
import type { ReferenceGrant } from './types.ts'

/** Whether objects of a kind may name an object of another namespace: its own has to say so. */
export function isGranted(
  grants: Iterable<ReferenceGrant>,
  from: { readonly kind: string; readonly namespace: string },
  to: { readonly kind: 'Service' | 'Secret'; readonly namespace: string; readonly name: string },
): boolean {
  if (from.namespace === to.namespace) return true
  for (const { metadata, spec } of grants) {
    if (
      metadata.namespace === to.namespace &&
      spec.from.some(
        ({ group, kind, namespace }) => group === gatewayGroup && kind === from.kind && namespace === from.namespace,
      ) &&
      spec.to.some(
        ({ group, kind, name = '' }) => group === '' && kind === to.kind && (name === '' || name === to.name),
      )
    ) {
      return true
    }
  }
  return false
}
