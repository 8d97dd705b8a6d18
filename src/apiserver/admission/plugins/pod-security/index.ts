import type { Namespace, Pod, PodTemplateSpec } from '#api/core/v1'
import { deepEqual } from '#base'
import { aggregate, errorBody, internalError, invalid, quote } from '#machinery'
import type { KubeObject } from '#machinery'
import type { PodSecurityMetrics } from '../../../metrics/pod-security.ts'
import type { Services } from '../../../services.ts'
import type { AdmissionAttributes, AdmissionPlugin } from '../../admission.ts'
import { draftOf, oldOf, refused } from '../../refusal.ts'
import type { CheckedPod } from './check.ts'
import { describe, evaluate } from './evaluate.ts'
import { existingPodWarnings } from './existing-pods.ts'
import { compareLevels, policyOf, textOf } from './policy.ts'
import type { PodSecurityPolicy } from './policy.ts'
import { isSignificant } from './significant.ts'

/** Pods of every namespace keep to the Pod Security Standard that its labels ask for (KEP-2579). */
export function podSecurity(services: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE', 'UPDATE'],
    resources: ['/namespaces', '/pods', '/podtemplates', 'batch/cronjobs', ...withTemplate],
    validate(attributes) {
      const { endpoint } = attributes
      switch (`${endpoint.group}/${endpoint.plural}`) {
        case '/namespaces':
          return checkNamespace(attributes, services)
        case '/pods':
          return checkPod(attributes, services)
        default:
          return checkController(attributes, services)
      }
    },
  }
}

function checkNamespace(attributes: AdmissionAttributes, services: Services): void {
  if (attributes.subresource !== '') return
  const { metadata } = draftOf<Namespace>(attributes)
  const { policy, errors } = policyOf(metadata.labels)
  const old = oldOf<Namespace>(attributes)
  const before = old && policyOf(old.metadata.labels)
  const isNew = !before || before.errors.length === 0 || !deepEqual(errors, before.errors)
  if (errors.length > 0 && isNew) throw invalid(attributes.kind, attributes.name, errors)
  if (!before) return
  const { enforce } = policy
  const was = before.policy.enforce
  if (deepEqual(enforce, was) || enforce.level === 'privileged') return
  if (enforce.version === was.version && compareLevels(enforce.level, was.level) <= 0) return
  const { name = '' } = metadata
  const pods = services.peekAll<Pod>('', 'pods', name)
  for (const warning of existingPodWarnings(name, pods, enforce, services.clock))
    attributes.context.warnings.add(warning)
}

const ignored: ReadonlySet<string> = new Set([
  'exec',
  'attach',
  'binding',
  'eviction',
  'log',
  'portforward',
  'proxy',
  'status',
])

function checkPod(attributes: AdmissionAttributes, { peek, metrics: { podSecurity: metrics } }: Services): void {
  if (ignored.has(attributes.subresource)) return
  const namespace = peek<Namespace>('', 'namespaces', '', attributes.namespace)
  if (!namespace) {
    metrics.failed(true, attributes)
    throw internalError(`failed to lookup namespace ${quote(attributes.namespace)}`)
  }
  const found = policyOf(namespace.metadata.labels)
  const modes = [found.policy.enforce, found.policy.audit, found.policy.warn]
  if (found.errors.length === 0 && modes.every(({ level }) => level === 'privileged')) {
    attributes.context.notes.annotate('pod-security.kubernetes.io/enforce-policy', 'privileged:latest')
    metrics.evaluated('enforce', 'allow', found.policy.enforce, attributes)
    return
  }
  const pod = draftOf<Pod>(attributes)
  const old = oldOf<Pod>(attributes)
  if (old && !isSignificant(pod, old)) return
  noteErrors(found, attributes, metrics)
  const { enforce } = found.policy
  attributes.context.notes.annotate('pod-security.kubernetes.io/enforce-policy', textOf(enforce))
  const violations = evaluate(enforce, pod)
  metrics.evaluated('enforce', violations.length > 0 ? 'deny' : 'allow', enforce, attributes)
  noteAudit(found.policy, pod, attributes, metrics)
  if (violations.length > 0)
    throw refused(attributes, `violates PodSecurity ${quote(textOf(enforce))}: ${describe(violations)}`)
  warn(found.policy, pod, attributes, metrics)
}

/** What pods of a controller would be refused for is told to who writes the controller. */
function checkController(attributes: AdmissionAttributes, { peek, metrics: { podSecurity: metrics } }: Services): void {
  const template = templateOf(attributes)
  if (attributes.subresource !== '' || !template) return
  const namespace = peek<Namespace>('', 'namespaces', '', attributes.namespace)
  if (!namespace) return metrics.failed(true, attributes)
  const found = policyOf(namespace.metadata.labels)
  const { audit, warn: warned } = found.policy
  if (found.errors.length === 0 && warned.level === 'privileged' && audit.level === 'privileged') return
  const pod = { metadata: template.metadata ?? {}, spec: template.spec ?? { containers: [] } }
  noteErrors(found, attributes, metrics)
  noteAudit(found.policy, pod, attributes, metrics)
  warn(found.policy, pod, attributes, metrics)
}

function noteErrors(
  { errors }: ReturnType<typeof policyOf>,
  attributes: AdmissionAttributes,
  metrics: PodSecurityMetrics,
): void {
  if (errors.length === 0) return
  metrics.failed(false, attributes)
  const why = aggregate(errors.map((error) => `${error.field}: ${errorBody(error)}`))
  attributes.context.notes.annotate('pod-security.kubernetes.io/error', `Failed to parse policy: ${why}`)
}

function noteAudit(
  { audit }: PodSecurityPolicy,
  pod: CheckedPod,
  attributes: AdmissionAttributes,
  metrics: PodSecurityMetrics,
): void {
  const violations = evaluate(audit, pod)
  if (violations.length === 0) return
  metrics.evaluated('audit', 'deny', audit, attributes)
  attributes.context.notes.annotate(
    'pod-security.kubernetes.io/audit-violations',
    `would violate PodSecurity ${quote(textOf(audit))}: ${describe(violations)}`,
  )
}

function warn(
  { warn: warned }: PodSecurityPolicy,
  pod: CheckedPod,
  attributes: AdmissionAttributes,
  metrics: PodSecurityMetrics,
): void {
  const violations = evaluate(warned, pod)
  if (violations.length === 0) return
  metrics.evaluated('warn', 'deny', warned, attributes)
  attributes.context.warnings.add(`would violate PodSecurity ${quote(textOf(warned))}: ${describe(violations)}`)
}

const withTemplate: ReadonlySet<string> = new Set([
  '/replicationcontrollers',
  'apps/replicasets',
  'apps/deployments',
  'apps/statefulsets',
  'apps/daemonsets',
  'batch/jobs',
])

function templateOf({ endpoint, object }: AdmissionAttributes): PodTemplateSpec | undefined {
  const { group, plural } = endpoint
  const parent = object as
    | (KubeObject & {
        readonly template?: PodTemplateSpec
        readonly spec?: {
          readonly template?: PodTemplateSpec
          readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplateSpec } }
        }
      })
    | undefined
  if (withTemplate.has(`${group}/${plural}`)) return parent?.spec?.template
  if (group === 'batch' && plural === 'cronjobs') return parent?.spec?.jobTemplate?.spec?.template
  return group === '' && plural === 'podtemplates' ? parent?.template : undefined
}
