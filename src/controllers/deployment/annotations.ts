import type { Deployment, ReplicaSet } from '#api/apps/v1'
import { maxSurge } from './bounds.ts'

export const revisionAnnotation = 'deployment.kubernetes.io/revision'
const historyAnnotation = 'deployment.kubernetes.io/revision-history'
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas'
const maxAnnotation = 'deployment.kubernetes.io/max-replicas'
export const rollbackAnnotation = 'deprecated.deployment.rollback.to'

/** Annotations of a Deployment that its ReplicaSets don't share. */
const ownAnnotations: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  rollbackAnnotation,
])

/** Longest text of the revisions that a ReplicaSet had before. */
const maxHistoryLength = 2000

export type Annotations = { readonly [key: string]: string }

/** The revision of a ReplicaSet, of 64 bits: 0 where it has none, `undefined` where it is no number. */
export function revisionOf({ metadata }: ReplicaSet): bigint | undefined {
  const text = metadata.annotations?.[revisionAnnotation]
  return text === undefined ? 0n : integerOf(text)
}

export function maxRevision(replicaSets: readonly ReplicaSet[]): bigint {
  return replicaSets.reduce((highest, each) => {
    const revision = revisionOf(each) ?? 0n
    return revision > highest ? revision : highest
  }, 0n)
}

/** The highest revision but one; 0 when there is none. */
export function lastRevision(replicaSets: readonly ReplicaSet[]): bigint {
  let highest = 0n
  let second = 0n
  for (const each of replicaSets) {
    const revision = revisionOf(each)
    if (revision === undefined) continue
    if (revision >= highest) {
      second = highest
      highest = revision
    } else if (revision > second) second = revision
  }
  return second
}

/** A whole number of 64 bits. */
export function integerOf(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = BigInt(text.replace('+', ''))
  return BigInt.asIntN(64, value) === value ? value : undefined
}

/**
 * Annotations of the new ReplicaSet: those of the Deployment, its revision, and the revisions it had before.
 *
 * @returns `undefined` when they are as they should be.
 */
export function newReplicaSetAnnotations(
  deployment: Deployment,
  current: Annotations,
  revision: bigint,
): Annotations | undefined {
  const next: { [key: string]: string } = { ...current }
  let changed = false
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (ownAnnotations.has(key) || next[key] === value) continue
    next[key] = value
    changed = true
  }
  const before = current[revisionAnnotation]
  const number = before === undefined || before === '' ? 0n : integerOf(before)
  // Someone wrote something that is no revision: it stays as it is.
  if (number === undefined) return undefined
  if (number < revision) {
    next[revisionAnnotation] = String(revision)
    changed = true
    if (before !== undefined) {
      const history = withRevision(current[historyAnnotation] ?? '', before)
      if (history !== undefined) next[historyAnnotation] = history
    }
  }
  return changed ? next : undefined
}

/** The oldest revisions fall off when the text gets too long; `undefined` when even the newest has no place. */
function withRevision(history: string, revision: string): string | undefined {
  if (history === '' || history.startsWith(',')) return revision
  const revisions = history.split(',')
  let length = history.length + revision.length + 1
  let start = 0
  while (length > maxHistoryLength && start < revisions.length) {
    length -= (revisions[start]?.length ?? 0) + 1
    start++
  }
  return length <= maxHistoryLength ? [...revisions.slice(start), revision].join(',') : undefined
}

/** What a ReplicaSet remembers of the size its Deployment had when it was scaled last. */
export function sizeAnnotations(deployment: Deployment): Annotations {
  const replicas = deployment.spec.replicas ?? 1
  return { [desiredAnnotation]: String(replicas), [maxAnnotation]: String(replicas + maxSurge(deployment)) }
}

export function hasAnnotations(replicaSet: ReplicaSet, annotations: Annotations): boolean {
  const current = replicaSet.metadata.annotations
  return Object.entries(annotations).every(([key, value]) => current?.[key] === value)
}

export const desiredReplicasOf = (replicaSet: ReplicaSet): number | undefined => countOf(replicaSet, desiredAnnotation)
export const maxReplicasOf = (replicaSet: ReplicaSet): number | undefined => countOf(replicaSet, maxAnnotation)

function countOf({ metadata }: ReplicaSet, key: string): number | undefined {
  const text = metadata.annotations?.[key]
  if (text === undefined || !/^\d+$/.test(text)) return undefined
  const count = Number(text)
  return count < 2 ** 31 ? count : undefined
}

/** Annotations of a Deployment that goes back to the template of a ReplicaSet. */
export function rolledBackAnnotations(deployment: Deployment, replicaSet: ReplicaSet): Annotations {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => ownAnnotations.has(key))
  const shared = Object.entries(replicaSet.metadata.annotations ?? {}).filter(([key]) => !ownAnnotations.has(key))
  return Object.fromEntries([...own, ...shared])
}
