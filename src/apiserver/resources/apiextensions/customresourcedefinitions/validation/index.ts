import type { CustomResourceDefinition } from '#api/apiextensions/v1'
import type { FieldError } from '#machinery'

export function validateDefinition(_crd: CustomResourceDefinition): FieldError[] {
  return []
}
export function validateDefinitionUpdate(_crd: CustomResourceDefinition, _old: CustomResourceDefinition): FieldError[] {
  return []
}
export function validateStatus(_crd: CustomResourceDefinition): FieldError[] {
  return []
}
