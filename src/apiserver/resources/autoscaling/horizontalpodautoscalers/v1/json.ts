import type { Draft, StructType } from '#api'
import type { MetricSpec, MetricStatus } from '#api/autoscaling/v1'
import type { HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerCondition } from '#api/autoscaling/v2'
import { JsonError, normalize, parseJsonText } from '#machinery'
import { builtinStruct } from '../../../../resource/builtin-types.ts'
import { goValue } from '../../../common/go-value.ts'

/** Annotations that are no JSON of their type say nothing, which is `undefined` here. */

export function readMetrics(text: string | undefined): readonly MetricSpec[] | undefined {
  return readList<MetricSpec>(text, builtinStruct('autoscaling/v1', 'MetricSpec'))
}

export function readStatuses(text: string | undefined): readonly MetricStatus[] | undefined {
  return readList<MetricStatus>(text, builtinStruct('autoscaling/v1', 'MetricStatus'))
}

export function readConditions(text: string | undefined): Draft<HorizontalPodAutoscalerCondition>[] | undefined {
  return readList<Draft<HorizontalPodAutoscalerCondition>>(
    text,
    builtinStruct('autoscaling/v2', 'HorizontalPodAutoscalerCondition'),
  )
}

export function readBehavior(text: string | undefined): Draft<HorizontalPodAutoscalerBehavior> | undefined {
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const struct = builtinStruct('autoscaling/v2', 'HorizontalPodAutoscalerBehavior')
  const behavior = read<Draft<HorizontalPodAutoscalerBehavior>>(jsonNames(value), struct)
  return behavior && (behavior.scaleUp || behavior.scaleDown) ? behavior : undefined
}

/** The annotation has the fields under the names that Go has for them. */
export function writeBehavior(behavior: HorizontalPodAutoscalerBehavior): string {
  return JSON.stringify(goValue('autoscaling/v2.HorizontalPodAutoscalerBehavior', behavior))
}

function jsonNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonNames)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), jsonNames(member)]),
  )
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return parseJsonText(text)
  } catch {
    return undefined
  }
}

function readList<T>(text: string | undefined, struct: StructType): T[] | undefined {
  const items = parse(text)
  if (!Array.isArray(items)) return undefined
  const values = items.map((item: unknown) => read<T>(item, struct))
  return values.every((value) => value !== undefined) ? values : undefined
}

function read<T>(value: unknown, struct: StructType): T | undefined {
  try {
    return normalize(struct, value).value as T
  } catch (error) {
    if (error instanceof JsonError) return undefined
    throw error
  }
}
