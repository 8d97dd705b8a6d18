import type { AvoidPods, Taint } from '#api/core/v1'
import { encodeText, invalidValue, JsonError, parseJson, required } from '#machinery'
import type { FieldError, Path } from '#machinery'
import { validateTaints } from '../taints.ts'

const taintsKey = 'scheduler.alpha.kubernetes.io/taints'
const avoidKey = 'scheduler.alpha.kubernetes.io/preferAvoidPods'

/** Annotations of nodes that stand for fields of older times, and keep their rules. */
export function validateNodeAnnotations(
  annotations: { readonly [key: string]: string },
  path: Path,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const taints = annotations[taintsKey]
  if (taints) {
    const read = readJson<readonly Taint[]>(taints)
    if ('problem' in read) errors.push(invalidValue(path, taintsKey, read.problem))
    else errors.push(...validateTaints(read.value ?? [], path.child(taintsKey)))
  }
  const avoid = annotations[avoidKey]
  if (avoid) {
    const read = readJson<AvoidPods>(avoid)
    if ('problem' in read) errors.push(invalidValue(path.child('AvoidPods'), avoidKey, read.problem))
    else errors.push(...validateAvoidPods(read.value, path.child(avoidKey)))
  }
  return errors
}

function validateAvoidPods(avoid: AvoidPods | null, path: Path): readonly FieldError[] {
  return (avoid?.preferAvoidPods ?? []).flatMap(({ podSignature }, index) => {
    const at = path.index(index).child('PodSignature')
    const controller = podSignature?.podController
    if (!controller) return [required(at)]
    if (controller.controller) return []
    return [invalidValue(at.child('PodController', 'Controller'), false, 'must point to a controller')]
  })
}

function readJson<T>(text: string): { readonly value: T | null } | { readonly problem: string } {
  try {
    return { value: parseJson(encodeText(text)).parsed as T | null }
  } catch (error) {
    if (error instanceof JsonError) return { problem: error.message }
    throw error
  }
}
