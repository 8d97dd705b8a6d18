import type { Pod } from '#api/core/v1'
import type { Clock } from '#base'
import { quote } from '#machinery'
import { evaluate } from './evaluate.ts'
import { textOf } from './policy.ts'
import type { LevelVersion } from './policy.ts'

/** Warnings are no reason to keep someone waiting. */
const mostPods = 3000
const longestMs = 1000

/** Tells which pods of a namespace would not be let in any more, pods of the same kind once. */
export function existingPodWarnings(
  namespace: string,
  pods: Iterable<Pod>,
  enforce: LevelVersion,
  clock: Clock,
): readonly string[] {
  const ordered = oneOfEachFirst(pods)
  const deadline = clock.monotonic() + longestMs
  const byReason = new Map<string, { name: string; count: number }>()
  let checked = 0
  for (const pod of ordered.slice(0, mostPods)) {
    checked++
    const reasons = evaluate(enforce, pod)
      .map(({ reason }) => reason)
      .join(', ')
    if (reasons !== '') count(byReason, reasons, pod.metadata.name ?? '')
    if (clock.monotonic() > deadline) break
  }
  const all = ordered.length
  return [
    ...(checked < all
      ? [`new PodSecurity enforce level only checked against the first ${checked} of ${all} existing pods`]
      : []),
    ...(byReason.size > 0
      ? [
          `existing pods in namespace ${quote(namespace)} violate the new PodSecurity enforce level ${quote(textOf(enforce))}`,
        ]
      : []),
    ...[...byReason].map(([reasons, found]) => `${found.name}${others(found.count - 1)}: ${reasons}`).sort(),
  ]
}

function count(byReason: Map<string, { name: string; count: number }>, reasons: string, name: string): void {
  const found = byReason.get(reasons)
  if (!found) byReason.set(reasons, { name, count: 1 })
  else {
    found.count++
    if (name < found.name) found.name = name
  }
}

function others(more: number): string {
  if (more === 0) return ''
  return more === 1 ? ' (and 1 other pod)' : ` (and ${more} other pods)`
}

/** Pods of one controller are alike: one of each goes first. */
function oneOfEachFirst(pods: Iterable<Pod>): readonly Pod[] {
  const first: Pod[] = []
  const rest: Pod[] = []
  const seen = new Set<string>()
  for (const pod of pods) {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller)?.uid
    if (owner !== undefined && seen.has(owner)) rest.push(pod)
    else first.push(pod)
    if (owner !== undefined) seen.add(owner)
  }
  return [...first, ...rest]
}
