import type { Status } from '../framework/status.ts'
import type { Decision } from './decision.ts'
import type { Explanation } from './explain.ts'
import type { Change } from './smallest-change.ts'

/** Nodes that are named of a group, and groups that are told of, at most. */
const maxNames = 10
const maxGroups = 50

/** What the scheduler knows of a pod, as the API serves it: of a size that does not grow with the cluster. */
export interface SchedulingDecision {
  readonly apiVersion: 'scheduling.k8ts.dev/v1alpha1'
  readonly kind: 'SchedulingDecision'
  readonly metadata: { readonly namespace: string; readonly name: string; readonly uid: string }
  readonly place: Explanation['place']
  readonly node?: string
  readonly attempts: number
  /** Plugins whose mind must change. */
  readonly waitsFor?: readonly string[]
  /** When it is tried again at the latest, if it backs off. */
  readonly nextAttempt?: string
  readonly lastAttempt?: AttemptDocument
  /** What holds now, for pods that wait: every plugin against every node. */
  readonly now?: Verdicts
  readonly smallestChange?: { readonly node: string; readonly changes: readonly Change[] }
}

export type AttemptDocument = { readonly time: string } & (
  | {
      readonly outcome: 'Placed'
      readonly node: string
      /** Sum of the weighted scores. */
      readonly score: number
      readonly scores: readonly { readonly plugin: string; readonly score: number; readonly weight: number }[]
      readonly feasibleNodes: number
      readonly evaluatedNodes: number
    }
  | {
      readonly outcome: 'Refused'
      readonly message: string
      /** Nodes by what was said against them first. */
      readonly verdicts: Verdicts
      readonly nominatedNode?: string
      readonly victims?: readonly { readonly namespace: string; readonly name: string; readonly priority: number }[]
    }
)

export interface Verdicts {
  readonly groups: readonly VerdictGroup[]
  /** Groups, of the smallest, that are left out. */
  readonly omittedGroups?: number
}

export interface VerdictGroup {
  /** Some of the names. */
  readonly nodes: readonly string[]
  readonly count: number
  /** None: these nodes will do. */
  readonly against: readonly { readonly plugin: string; readonly code: string; readonly reasons: readonly string[] }[]
}

/** An explanation as the API serves it. */
export function decisionDocument(explanation: Explanation): SchedulingDecision {
  const { namespace, name, uid, place, node, attempts, waitsFor, nextAttempt, decision, nodes } = explanation
  return {
    apiVersion: 'scheduling.k8ts.dev/v1alpha1',
    kind: 'SchedulingDecision',
    metadata: { namespace, name, uid },
    place,
    ...(node === undefined ? {} : { node }),
    attempts,
    ...(waitsFor.length === 0 ? {} : { waitsFor }),
    ...(nextAttempt === undefined ? {} : { nextAttempt: timeText(nextAttempt) }),
    ...(decision ? { lastAttempt: attemptDocument(decision) } : {}),
    ...(nodes ? { now: verdictsOf(nodes) } : {}),
    ...(explanation.smallestChange ? { smallestChange: explanation.smallestChange } : {}),
  }
}

function attemptDocument(decision: Decision): AttemptDocument {
  const time = timeText(decision.time)
  if (decision.kind === 'placed') {
    const { node, total, scores, feasible, evaluated } = decision
    return { time, outcome: 'Placed', node, score: total, scores, feasibleNodes: feasible, evaluatedNodes: evaluated }
  }
  const { message, verdicts, nominatedNode, victims = [] } = decision
  return {
    time,
    outcome: 'Refused',
    message,
    verdicts: verdictsOf(verdicts.map(({ status, nodes }) => ({ nodes, against: [status] }))),
    ...(nominatedNode === undefined ? {} : { nominatedNode }),
    ...(victims.length === 0 ? {} : { victims: victims.slice(0, maxGroups) }),
  }
}

interface Group {
  readonly nodes: readonly string[]
  readonly against: readonly Status[]
}

function verdictsOf(groups: readonly Group[]): Verdicts {
  const largest = [...groups].sort((a, b) => b.nodes.length - a.nodes.length)
  const omitted = largest.length - maxGroups
  return {
    groups: largest.slice(0, maxGroups).map(({ nodes, against }) => ({
      nodes: nodes.slice(0, maxNames),
      count: nodes.length,
      against: against.map(({ plugin, code, reasons }) => ({ plugin, code, reasons })),
    })),
    ...(omitted > 0 ? { omittedGroups: omitted } : {}),
  }
}

const timeText = (ms: number): string => new Date(ms).toISOString()
