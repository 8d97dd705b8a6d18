import type { LabelSelector } from '#api/meta/v1'
import { Selector, selectorOf, selectorOfLabels } from '#machinery'
import type { Labels } from '#machinery'

const known = new WeakMap<object, Selector>()

/**
 * The selector that an object of the API means, made once for each.
 *
 * @throws SelectorError where it is malformed.
 */
export function selectorFor(object: LabelSelector | undefined): Selector {
  if (object === undefined) return Selector.nothing
  let selector = known.get(object)
  if (!selector) known.set(object, (selector = selectorOf(object)))
  return selector
}

/** The selector of a plain map of labels, made once for each. None selects nothing. */
export function mapSelectorFor(labels: { readonly [name: string]: string } | undefined): Selector {
  if (labels === undefined) return Selector.nothing
  let selector = known.get(labels)
  if (!selector) known.set(labels, (selector = selectorOfLabels(labels)))
  return selector
}

/**
 * Whether an object's own selector has these labels. One that is empty, or can't be read, selects nothing: its owner would
 * have everything.
 */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  const compiled = readable(selector)
  return compiled !== undefined && !compiled.isEmpty() && compiled.matches(labels)
}

/** Whether a selector has these labels. An empty one has all; one that can't be read selects nothing. */
export const selectsSome = (selector: LabelSelector | undefined, labels: Labels): boolean =>
  readable(selector)?.matches(labels) ?? false

function readable(selector: LabelSelector | undefined): Selector | undefined {
  try {
    return selectorFor(selector)
  } catch {
    return undefined
  }
}
