import type { ResourceQuota } from '#api/core/v1'
import { resourcequotas } from '#api/core/v1'
import { isConflict, resourceListOf } from '#machinery'
import { QuotaEvaluators } from '#quota'
import type { QuotaEvaluator, QuotaOperation } from '#quota'
import { storedRegistry } from '../../../registry/follow.ts'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { refused } from '../../refusal.ts'
import { checkQuotas } from './check.ts'
import { NamespaceLocks } from './locks.ts'

/** What is not stored, or never was counted. */
const ignored: ReadonlySet<string> = new Set([
  '/bindings',
  '/componentstatuses',
  '/events',
  'events.k8s.io/events',
  'authentication.k8s.io/tokenreviews',
  'authentication.k8s.io/selfsubjectreviews',
  'authorization.k8s.io/subjectaccessreviews',
  'authorization.k8s.io/localsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
])

const attempts = 3

/**
 * Lets writes through while their namespace has quota for them. What is let through is on record before it is written:
 * writes of one namespace go one after the other, and a quota is never overdrawn. What failed to be written afterwards is
 * taken off again by the quota controller.
 */
export function resourceQuota(services: Services): Omit<AdmissionPlugin, 'name'> {
  const locks = new NamespaceLocks()
  const isThereNone = noneOf(services)
  const evaluators = new QuotaEvaluators(services)
  return {
    operations: ['CREATE', 'UPDATE'],
    validate(attributes) {
      const { endpoint, namespace, kind } = attributes
      if (namespace === '' || isThereNone()) return undefined
      if (kind.group === '' && kind.kind === 'Namespace') return undefined
      if (ignored.has(`${endpoint.group}/${endpoint.plural}`)) return undefined
      const operation = operationOf(attributes)
      const evaluator = evaluators.of(endpoint.group, endpoint.plural)
      if (!operation || !evaluator.handles(operation) || quotasOf(services, namespace).length === 0) return undefined
      return locks.run(namespace, async () => charge(services, attributes, operation, evaluator))
    },
  }
}

/** Most clusters have no quota at all, which is told without a look at any. */
function noneOf(services: Services): () => boolean {
  const { objects } = storedRegistry(services, '', 'resourcequotas')
  const range = objects.range('')
  return () => objects.store.snapshot().count(range) === 0
}

const quotasOf = ({ peekAll }: Services, namespace: string): readonly ResourceQuota[] => [
  ...peekAll<ResourceQuota>('', 'resourcequotas', namespace),
]

function operationOf({ operation, subresource, object, oldObject }: AdmissionAttributes): QuotaOperation | undefined {
  if (operation !== 'CREATE' && operation !== 'UPDATE') return undefined
  return object && { operation, subresource, object, oldObject }
}

async function charge(
  services: Services,
  attributes: AdmissionAttributes,
  operation: QuotaOperation,
  evaluator: QuotaEvaluator,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const verdict = checkQuotas(quotasOf(services, attributes.namespace), operation, evaluator, services.clock.now())
    if ('refusal' in verdict) throw refused(attributes, verdict.refusal)
    if (attributes.dryRun) return
    try {
      await Promise.all(
        verdict.charges.map(async ({ quota, used }) => {
          const status = { ...quota.status, used: { ...quota.status?.used, ...resourceListOf(used) } }
          await services.loopback.update(resourcequotas, { ...quota, status }, { subresource: 'status' })
        }),
      )
      return
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error
    }
  }
}
