import { validatingadmissionpolicies } from '#api/admissionregistration/v1'
import type { ExpressionWarning, ValidatingAdmissionPolicy } from '#api/admissionregistration/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { keyOf } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'

const fieldManager = 'validatingadmissionpolicy-status'

/** What is doubtful about a policy's expressions, by the types of what it matches. */
export type PolicyChecker = (policy: ValidatingAdmissionPolicy) => Promise<readonly ExpressionWarning[]>

function create({ informers, client, queue, options }: ControllerContext<ControllersOptions>): Controller {
  const policies = informers.informer(validatingadmissionpolicies)
  const enqueue = (policy: ValidatingAdmissionPolicy): void => queue.add(keyOf(policy))
  return {
    concurrency: 5,
    watches: [watchEvents(validatingadmissionpolicies, { added: enqueue, updated: (_, policy) => enqueue(policy) })],
    async reconcile(name) {
      const policy = policies.lister.get({ name })
      const { generation = 0 } = policy?.metadata ?? {}
      if (!policy || generation <= (policy.status?.observedGeneration ?? 0)) return
      const expressionWarnings = (await options.checkPolicy?.(policy)) ?? []
      const typeChecking = expressionWarnings.length === 0 ? {} : { expressionWarnings }
      const applied = { metadata: { name }, spec: {}, status: { observedGeneration: generation, typeChecking } }
      await client.apply(validatingadmissionpolicies, applied, { subresource: 'status', fieldManager, force: true })
    },
  }
}

/** Tells what is doubtful about policies. */
export const admissionPolicyStatusController: ControllerDescriptor<ControllersOptions> = {
  name: 'validatingadmissionpolicy-status-controller',
  serviceAccount: 'validatingadmissionpolicy-status-controller',
  inputs: [validatingadmissionpolicies],
  outputs: [{ resource: validatingadmissionpolicies, subresource: 'status', ownership: 'shared' }],
  create,
}
