import type { LabelSelector } from '#api/meta/v1'
import { selectorOf, SelectorError, shownForm, validateLabelSelector } from '#machinery'
import type { Selector } from '#machinery'
import { Path } from '#machinery'
import { builtinStruct } from '../../resource/builtin-types.ts'

/** The selector an object means, `undefined` when it is malformed. No object selects nothing. */
export function selectorIfValid(selector: LabelSelector | null | undefined): Selector | undefined {
  try {
    return selectorOf(selector ?? undefined)
  } catch (error) {
    if (error instanceof SelectorError) return undefined
    throw error
  }
}

/** The selector as errors print it. */
export function shownSelector<T extends LabelSelector | undefined>(selector: T): T {
  return selector && shownForm(builtinStruct('meta/v1', 'LabelSelector'), selector)
}

/** The selector says nothing, and so would select everything. */
export function isEmptySelector({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels ?? {}).length + (matchExpressions ?? []).length === 0
}

/** Whether an object that stands has values that are no longer let in. */
export function hasInvalidValues(selector: LabelSelector | null | undefined): boolean {
  return validateLabelSelector(selector ?? undefined, Path.of('selector')).length > 0
}
