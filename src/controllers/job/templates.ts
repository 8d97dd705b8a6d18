import type { Job } from '#api/batch/v1'
import type { Container, Pod, PodTemplateSpec } from '#api/core/v1'
import { judgeFailure } from './failure-policy.ts'
import {
  failureCount,
  failureCountAnnotation,
  hasLimitPerIndex,
  ignoredFailureCount,
  ignoredFailureCountAnnotation,
  indexAnnotation,
  isIndexed,
  trackingFinalizer,
} from './state.ts'

const indexVariable = 'JOB_COMPLETION_INDEX'
/** A generated name has five more characters. */
const maxPrefixLength = 58

/** The template of a Job's pods: each is tracked, and of an indexed Job knows its index from its labels. */
export function trackedTemplate(job: Job): PodTemplateSpec {
  const { template } = job.spec
  const finalizers = template.metadata?.finalizers ?? []
  return {
    metadata: {
      ...template.metadata,
      finalizers: finalizers.includes(trackingFinalizer) ? finalizers : [...finalizers, trackingFinalizer],
    },
    ...(template.spec ? { spec: isIndexed(job) ? withIndexVariable(template.spec) : template.spec } : {}),
  }
}

type PodSpec = NonNullable<PodTemplateSpec['spec']>

function withIndexVariable(spec: PodSpec): PodSpec {
  const { initContainers } = spec
  return {
    ...spec,
    ...(initContainers ? { initContainers: initContainers.map(withVariable) } : {}),
    containers: spec.containers.map(withVariable),
  }
}

function withVariable(container: Container): Container {
  const { env = [] } = container
  if (env.some(({ name }) => name === indexVariable)) return container
  const fieldRef = { fieldPath: `metadata.labels['${indexAnnotation}']` }
  return { ...container, env: [...env, { name: indexVariable, valueFrom: { fieldRef } }] }
}

/** The template of the pod of one index. @param replaced pod that it replaces. */
export function templateOfIndex(
  template: PodTemplateSpec,
  job: Job,
  index: number,
  replaced: Pod | undefined,
): PodTemplateSpec {
  const { metadata = {} } = template
  return {
    ...template,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [indexAnnotation]: String(index) },
      annotations: {
        ...metadata.annotations,
        [indexAnnotation]: String(index),
        ...(hasLimitPerIndex(job) ? failureCounts(job, replaced) : {}),
      },
    },
    ...(template.spec ? { spec: { ...template.spec, hostname: `${job.metadata.name ?? ''}-${index}` } } : {}),
  }
}

function failureCounts(job: Job, replaced: Pod | undefined): { readonly [annotation: string]: string } {
  if (!replaced) return { [failureCountAnnotation]: '0' }
  const { counts } = judgeFailure(job.spec.podFailurePolicy, replaced)
  const failures = failureCount(replaced) + (counts ? 1 : 0)
  const ignored = ignoredFailureCount(replaced) + (counts ? 0 : 1)
  return {
    [failureCountAnnotation]: String(failures),
    ...(ignored > 0 ? { [ignoredFailureCountAnnotation]: String(ignored) } : {}),
  }
}

/** `<job>-<index>-`, the name cut where it would be too long. */
export function indexNamePrefix({ metadata }: Job, index: number): string {
  const end = `-${index}-`
  return `${(metadata.name ?? '').slice(0, maxPrefixLength - end.length)}${end}`
}
