import type { NamespaceCondition } from '#api/core/v1'
import { timeOfMillis } from '#machinery'
import { conditionOf } from '../common/meta/conditions.ts'

/** What deleting the content of a namespace came to. */
export interface DeletionOutcome {
  /** Why discovery failed, in whole or for some groups. */
  readonly discovery: string | undefined
  readonly errors: readonly string[]
  /** Objects that are left, by `plural.group`. */
  readonly remaining: ReadonlyMap<string, number>
  /** Objects that are left, by finalizer. */
  readonly finalizers: ReadonlyMap<string, number>
}

interface Said {
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

const fine = (reason: string, message: string): Said => ({ status: 'False', reason, message })
const amiss = (reason: string, message: string): Said => ({ status: 'True', reason, message })

/** The conditions that tell how far a deletion is, in their order. */
function said({ discovery, errors, remaining, finalizers }: DeletionOutcome): readonly (readonly [string, Said])[] {
  const lines = (counts: ReadonlyMap<string, number>, between: string): string =>
    [...counts]
      .map(([name, count]) => `${name} ${between} ${count} resource instances`)
      .toSorted()
      .join(', ')
  const failed = errors.toSorted().join(', ')
  return [
    [
      'NamespaceDeletionDiscoveryFailure',
      discovery === undefined
        ? fine('ResourcesDiscovered', 'All resources successfully discovered')
        : amiss('DiscoveryFailed', discovery),
    ],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      fine('ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    ],
    [
      'NamespaceDeletionContentFailure',
      errors.length === 0
        ? fine('ContentDeleted', 'All content successfully deleted, may be waiting on finalization')
        : amiss('ContentDeletionFailed', `Failed to delete all resource types, ${errors.length} remaining: ${failed}`),
    ],
    [
      'NamespaceContentRemaining',
      remaining.size === 0
        ? fine('ContentRemoved', 'All content successfully removed')
        : amiss('SomeResourcesRemain', `Some resources are remaining: ${lines(remaining, 'has')}`),
    ],
    [
      'NamespaceFinalizersRemaining',
      finalizers.size === 0
        ? fine('ContentHasNoFinalizers', 'All content-preserving finalizers finished')
        : amiss(
            'SomeFinalizersRemain',
            `Some content in the namespace has finalizers remaining: ${lines(finalizers, 'in')}`,
          ),
    ],
  ]
}

/**
 * Conditions of a namespace after an attempt to delete its content.
 *
 * @param now milliseconds since 1970. @returns `undefined` when they are told already.
 */
export function deletionConditions(
  told: readonly NamespaceCondition[],
  outcome: DeletionOutcome,
  now: number,
): readonly NamespaceCondition[] | undefined {
  const next = [...told]
  let changed = false
  for (const [type, { status, reason, message }] of said(outcome)) {
    const known = conditionOf(told, type)
    if (known?.status === status && known.reason === reason && known.message === message) continue
    changed = true
    const since = known?.status === status ? known.lastTransitionTime : undefined
    const condition = { type, status, lastTransitionTime: since ?? timeOfMillis(now), reason, message }
    if (known) next[next.indexOf(known)] = condition
    else next.push(condition)
  }
  return changed ? next : undefined
}
