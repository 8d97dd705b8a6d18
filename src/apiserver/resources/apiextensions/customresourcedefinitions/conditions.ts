import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '#api/apiextensions/v1'
import { timestamp } from '../../../registry/metadata.ts'

type Conditions = readonly CustomResourceDefinitionCondition[]

/** The conditions with one added or replaced; the time of its last transition stays unless its status changes. */
export function setCondition(
  conditions: Conditions,
  condition: CustomResourceDefinitionCondition,
  now: number,
): CustomResourceDefinitionCondition[] {
  const before = conditions.find(({ type }) => type === condition.type)
  const lastTransitionTime =
    before?.status === condition.status && before.lastTransitionTime !== undefined
      ? before.lastTransitionTime
      : timestamp(now)
  const next = { ...condition, lastTransitionTime }
  return before ? conditions.map((one) => (one === before ? next : one)) : [...conditions, next]
}

export function findCondition(
  { status }: CustomResourceDefinition,
  type: string,
): CustomResourceDefinitionCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type)
}

export function isConditionTrue(crd: CustomResourceDefinition, type: string): boolean {
  return findCondition(crd, type)?.status === 'True'
}
