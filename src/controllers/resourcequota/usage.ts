import type { ResourceQuota } from '#api/core/v1'
import { Quantity } from '#machinery'
import type { ResourceList } from '#machinery'
import { quotaResources } from '#quota'
import type { QuotaEvaluator, QuotaEvaluators, QuotaResource } from '#quota'

/** A resource whose objects a quota counts. */
export interface CountedResource extends QuotaResource {
  readonly evaluator: QuotaEvaluator
}

const countForm = /^count\/([^.]+)(?:\.(.+))?$/

/** Resources that count against what a quota limits. */
export function countedResources({ spec }: ResourceQuota, evaluators: QuotaEvaluators): readonly CountedResource[] {
  const names = Object.keys(spec.hard ?? {})
  const found = new Map<string, CountedResource>()
  const add = (group: string, plural: string): void => {
    const evaluator = evaluators.of(group, plural)
    if (names.some((name) => evaluator.covers(name))) found.set(`${group}/${plural}`, { group, plural, evaluator })
  }
  for (const { group, plural } of quotaResources) add(group, plural)
  for (const name of names) {
    const [, plural, group = ''] = countForm.exec(name) ?? []
    if (plural !== undefined) add(group, plural)
  }
  return [...found.values()]
}

/** Whether two lists say the same amounts, however they write them. */
export function sameAmounts(a: ResourceList = {}, b: ResourceList = {}): boolean {
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const other = b[name]
      return other !== undefined && (a[name] === other || Quantity.parse(a[name] ?? '').equals(Quantity.parse(other)))
    })
  )
}
