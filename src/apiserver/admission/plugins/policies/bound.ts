import type { KubeObject } from '#machinery'
import { followed } from '../../../registry/followed.ts'
import type { Services } from '../../../services.ts'

const group = 'admissionregistration.k8s.io'

type Binding = KubeObject & { readonly spec: { readonly policyName?: string } }

export interface BoundPolicy<P, B, C> {
  readonly policy: P
  readonly binding: B
  readonly compiled: C
}

/**
 * Every policy with every binding of it; what is compiled is made when either kind changes.
 *
 * @param plural of the policies; bindings are of the same name with `bindings` for `policies`
 */
export function boundPolicies<P extends KubeObject, B extends Binding, C>(
  services: Services,
  plural: 'validatingadmissionpolicies' | 'mutatingadmissionpolicies',
  compile: (policy: P) => C,
): () => readonly BoundPolicy<P, B, C>[] {
  const policies = followed<P>(services, group, plural)
  const bindings = followed<B>(services, group, plural.replace(/policies$/, 'policybindings'))
  let version = -1
  let known: readonly BoundPolicy<P, B, C>[] = []
  return () => {
    const now = policies.version + bindings.version
    if (now !== version) {
      version = now
      const compiled = new Map([...policies.all('')].map((policy) => [policy.metadata.name, compile(policy)]))
      known = [...bindings.all('')].flatMap((binding) => {
        const policy = policies.peek('', binding.spec.policyName ?? '')
        const program = policy && compiled.get(policy.metadata.name)
        return policy && program !== undefined ? [{ policy, binding, compiled: program }] : []
      })
    }
    return known
  }
}
