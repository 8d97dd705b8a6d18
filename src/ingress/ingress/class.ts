import type { Ingress, IngressClass } from '#api/networking/v1'

/** Which Ingresses are ours. */
export interface OwnClass {
  /** What an IngressClass names as its controller then. */
  readonly controller: string
  /** What the annotation says that was there before classes. */
  readonly name: string
}

const legacyAnnotation = 'kubernetes.io/ingress.class'

/** Whether an Ingress is ours to serve. */
export function isOurs(
  { spec, metadata }: Ingress,
  own: OwnClass,
  classOf: (name: string) => IngressClass | undefined,
): boolean {
  const name = spec.ingressClassName
  if (name !== undefined) return classOf(name)?.spec.controller === own.controller
  return metadata.annotations?.[legacyAnnotation] === own.name
}
