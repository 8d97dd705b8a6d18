import type { Container, EphemeralContainer, PodSpec } from '#api/core/v1'
import type { ObjectMeta } from '#machinery'

/** What is wrong with a pod by one check. */
export interface Violation {
  readonly reason: string
  readonly detail: string
}

export interface CheckedPod {
  readonly metadata: ObjectMeta
  readonly spec: PodSpec
}

export type CheckPod = (pod: CheckedPod) => Violation | undefined

/** One control of the Pod Security Standards, as it was from a minor version of Kubernetes on. */
export interface Check {
  readonly id: string
  readonly level: 'baseline' | 'restricted'
  readonly versions: readonly {
    /** Minor version since which it holds. */
    readonly since: number
    readonly check: CheckPod
    /** Checks of the baseline that this one makes needless. */
    readonly overrides?: readonly string[]
  }[]
}

export type AnyContainer = Container | EphemeralContainer

/** Every container, in the order in which violations list them. */
export function containersOf({ spec }: CheckedPod): readonly AnyContainer[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]
}

export function namesWhere(pod: CheckedPod, isBad: (container: AnyContainer) => boolean): readonly string[] {
  return containersOf(pod)
    .filter(isBad)
    .map(({ name }) => name)
}

/** `container "a"`, `containers "a", "b"`. */
export function containers(names: readonly string[]): string {
  return `${plural('container', names)} ${quoted(names)}`
}

/** Who sets something wrong: `pod and container "a"`; nothing when nobody does. */
export function setters(pod: boolean, names: readonly string[]): string {
  return [...(pod ? ['pod'] : []), ...(names.length > 0 ? [containers(names)] : [])].join(' and ')
}

export function plural(word: string, things: readonly unknown[]): string {
  return things.length === 1 ? word : `${word}s`
}

export function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(', ')
}

/** Each once, in order. */
export function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort()
}

/** Pods of other systems have no such thing. */
export function unlessWindows(check: CheckPod): CheckPod {
  return (pod) => (pod.spec.os?.name === 'windows' ? undefined : check(pod))
}

/** Root of a user namespace is nobody outside of it (KEP-127). */
export function unlessUserNamespace(check: CheckPod): CheckPod {
  return (pod) => (pod.spec.hostUsers === false ? undefined : check(pod))
}
