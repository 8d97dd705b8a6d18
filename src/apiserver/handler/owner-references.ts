import type { Draft } from '#api'
import type { KubeObject } from '#machinery'
import type { RequestContext } from '../request/context.ts'

/** Drops owner references that stand twice, and tells the client. */
export function dedupeOwnerReferences(
  draft: Draft<KubeObject>,
  context: RequestContext,
  afterAdmission: boolean,
): void {
  const references = draft.metadata.ownerReferences
  if (!references || references.length < 2) return
  const kept: typeof references = []
  const dropped: string[] = []
  const seen = new Set<string>()
  for (const reference of references) {
    const { apiVersion, kind, name, uid, controller, blockOwnerDeletion } = reference
    const key = JSON.stringify([apiVersion, kind, name, uid, controller, blockOwnerDeletion])
    if (seen.has(key)) dropped.push(uid)
    else kept.push(reference)
    seen.add(key)
  }
  if (dropped.length === 0) return
  const when = afterAdmission ? ' after mutating admission happens' : ''
  context.warnings.add(
    `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${dropped.join(', ')}`,
  )
  draft.metadata.ownerReferences = kept
}
