import type { Job } from '#api/batch/v1'
import type { Affinity, Container, PodSpec, PodTemplateSpec } from '#api/core/v1'
import type { FieldError, Path } from '#machinery'
import { goValue } from '../../common/go-value.ts'
import { immutable } from '../../common/values.ts'
import { isTrue } from './conditions.ts'

/** While a job is suspended and has no pods, where its pods go and what they ask for can be changed; nothing else ever. */
export function validateTemplateUpdate(job: Job, old: Job, spec: Path): readonly FieldError[] {
  const template = job.spec.template
  const suspended = old.spec.suspend === true
  const idle = suspended && hasNoPods(old)
  const oldTemplate = idle ? withScheduling(old.spec.template, template) : old.spec.template
  if (!idle) {
    const shown = goValue('core/v1.PodTemplateSpec', template)
    return immutable(spec.child('template'), template, oldTemplate, shown)
  }
  const wanted = template.spec ?? { containers: [] }
  const standing = withResources(oldTemplate.spec ?? { containers: [] }, wanted)
  return immutable(spec.child('template.spec'), wanted, standing, goValue('core/v1.PodSpec', wanted))
}

function hasNoPods({ status }: Job): boolean {
  const started = status?.startTime !== undefined
  return (!started || isTrue(status.conditions, 'Suspended')) && (status?.active ?? 0) === 0
}

/** The old template with everything that says where its pods go taken from the new one. */
function withScheduling(old: PodTemplateSpec, wanted: PodTemplateSpec): PodTemplateSpec {
  const { labels: _labels, annotations: _annotations, ...metadata } = old.metadata ?? {}
  const {
    nodeSelector: _n,
    tolerations: _t,
    schedulingGates: _g,
    affinity: _a,
    ...rest
  } = old.spec ?? { containers: [] }
  const { nodeSelector, tolerations, schedulingGates } = wanted.spec ?? {}
  const { labels, annotations } = wanted.metadata ?? {}
  const affinity = affinityOf(old.spec?.affinity, wanted.spec?.affinity)
  return {
    metadata: { ...metadata, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
    spec: {
      ...rest,
      ...(nodeSelector ? { nodeSelector } : {}),
      ...(tolerations ? { tolerations } : {}),
      ...(schedulingGates ? { schedulingGates } : {}),
      ...(affinity ? { affinity } : {}),
    },
  }
}

function affinityOf(old: Affinity | undefined, wanted: Affinity | undefined): Affinity | undefined {
  if (!old && !wanted) return undefined
  const { nodeAffinity: _, ...others } = old ?? {}
  if (!wanted) return Object.keys(others).length === 0 ? undefined : others
  return { ...others, ...(wanted.nodeAffinity ? { nodeAffinity: wanted.nodeAffinity } : {}) }
}

/** The old spec with what containers ask for taken from the new one. */
function withResources(old: PodSpec, wanted: PodSpec): PodSpec {
  const initContainers = resourcesOf(old.initContainers, wanted.initContainers)
  return {
    ...old,
    containers: resourcesOf(old.containers, wanted.containers) ?? [],
    ...(initContainers ? { initContainers } : {}),
  }
}

/** A list that must be there is `null` where none was sent. */
function resourcesOf(
  old: readonly Container[] | undefined,
  wanted: readonly Container[] | null | undefined,
): readonly Container[] | undefined {
  if (old?.length !== (wanted?.length ?? 0)) return old
  return old.map((container, index) => {
    const other = wanted?.[index]
    if (other?.name !== container.name) return container
    const { resources: _, ...rest } = container
    return { ...rest, ...(other.resources ? { resources: other.resources } : {}) }
  })
}
