import { validatingadmissionpolicies } from '#api/admissionregistration/v1'
import type { ExpressionWarning, ValidatingAdmissionPolicy } from '#api/admissionregistration/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { keyOf } from '#machinery'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'
import { policyWarnings } from './check.ts'

const fieldManager = 'validatingadmissionpolicy-status'

function create({ informers, client, queue, options }: ControllerContext<ControllersOptions>): Controller {
  const policies = informers.informer(validatingadmissionpolicies)
  const enqueue = (policy: ValidatingAdmissionPolicy): void => queue.add(keyOf(policy))
  return {
    concurrency: 5,
    watches: [watchEvents(validatingadmissionpolicies, { added: enqueue, updated: (_, policy) => enqueue(policy) })],
    async reconcile(name, signal) {
      const policy = policies.lister.get({ name })
      const { generation = 0 } = policy?.metadata ?? {}
      if (!policy || generation <= (policy.status?.observedGeneration ?? 0)) return
      const expressionWarnings = await warningsOf(policy, options, signal)
      const typeChecking = expressionWarnings.length === 0 ? {} : { expressionWarnings }
      const applied = { metadata: { name }, spec: {}, status: { observedGeneration: generation, typeChecking } }
      await client.apply(validatingadmissionpolicies, applied, { subresource: 'status', fieldManager, force: true })
    },
  }
}

async function warningsOf(
  policy: ValidatingAdmissionPolicy,
  { readSchemas, discover }: ControllersOptions,
  signal: AbortSignal,
): Promise<readonly ExpressionWarning[]> {
  return readSchemas ? policyWarnings(policy, await discover(signal), readSchemas) : []
}

/** Tells what is doubtful about policies. */
export const admissionPolicyStatusController: ControllerDescriptor<ControllersOptions> = {
  name: 'validatingadmissionpolicy-status-controller',
  serviceAccount: 'validatingadmissionpolicy-status-controller',
  inputs: [validatingadmissionpolicies],
  outputs: [{ resource: validatingadmissionpolicies, subresource: 'status', ownership: 'shared' }],
  create,
}
