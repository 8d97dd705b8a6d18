import { deepEqual } from '#base'
import type { FlowSchema, PriorityLevelConfiguration } from '#api/flowcontrol/v1'
import type { Plan } from '../ensure.ts'
import { autoUpdateAnnotation } from './objects.ts'

type Configuration = FlowSchema | PriorityLevelConfiguration

/**
 * What to do about an object that a cluster has by default. Operators may change those that are not `mandatory`; from
 * then on they are theirs.
 */
export function planConfiguration<T extends Configuration>(
  existing: T | undefined,
  expected: T,
  mandatory: boolean,
): Plan<T> {
  if (!existing) return { action: 'create', object: expected }
  const auto = mandatory || isAutomatic(existing)
  const annotated = parseBool(annotationOf(existing)) === auto
  const outdated = auto && !sameSpec(existing, expected)
  if (annotated && !outdated) return { action: 'none' }
  const { metadata } = existing
  const annotations = { ...metadata.annotations, ...(annotated ? {} : { [autoUpdateAnnotation]: String(auto) }) }
  return {
    action: 'update',
    object: { ...existing, metadata: { ...metadata, annotations }, spec: outdated ? expected.spec : existing.spec },
  }
}

/** What to do about an object that no cluster has by default: a former one is removed when nobody made it theirs. */
export function planFormer<T extends Configuration>(existing: T | undefined): Plan<T> {
  const former = existing !== undefined && parseBool(annotationOf(existing)) === true
  return former ? { action: 'delete' } : { action: 'none' }
}

const annotationOf = ({ metadata }: Configuration): string => metadata.annotations?.[autoUpdateAnnotation] ?? ''

/** Without a readable annotation, an object whose spec nobody changed is ours. */
function isAutomatic(existing: Configuration): boolean {
  return parseBool(annotationOf(existing)) ?? existing.metadata.generation === 1
}

function parseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : undefined
}

function sameSpec(existing: Configuration, expected: Configuration): boolean {
  return deepEqual(existing.spec, withOwnShares(existing, expected).spec)
}

/** How much the exempt level may lend is the operator's to say. */
function withOwnShares(existing: Configuration, expected: Configuration): Configuration {
  const own = (existing as PriorityLevelConfiguration).spec?.exempt
  const level = expected as PriorityLevelConfiguration
  if (!own || level.metadata.name !== 'exempt' || level.spec?.type !== 'Exempt') return expected
  return { ...level, spec: { ...level.spec, exempt: own } }
}
