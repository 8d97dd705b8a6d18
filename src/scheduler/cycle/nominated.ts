import { NodeColumns } from '../cache/node-columns.ts'
import type { NodeInfo } from '../cache/node-info.ts'
import type { NodeTable } from '../cache/node-table.ts'
import type { PodInfo } from '../cache/pod-info.ts'
import type { Board } from '../framework/board.ts'
import { Follower } from '../framework/columns.ts'
import { CycleState } from '../framework/cycle-state.ts'
import type { Framework } from '../framework/framework.ts'
import { Recent } from '../framework/recent.ts'
import type { Status, StatusTable } from '../framework/status.ts'
import type { Nominator } from '../queue/nominator.ts'

/**
 * The verdict about one node, with the pods of at least the same priority that were promised room there: it must do with
 * them, for what they will take, and without them, for those they may never bring.
 *
 * @param scratch columns of one slot to work in. @param self is not in its own way; empty where all that were promised count.
 */
export function filterWithNominated(
  framework: Framework,
  nominator: Nominator,
  cycle: CycleState,
  pod: PodInfo,
  node: NodeInfo,
  scratch?: NodeColumns,
  self: string = pod.uid,
): Status | undefined {
  const promised = [...nominator.on(node.name)].filter((other) => other.priority >= pod.priority && other.uid !== self)
  if (promised.length > 0) {
    const trial = cycle.clone()
    const crowded = node.copy(scratch)
    for (const other of promised) {
      crowded.addPod(other)
      framework.addPod(trial, pod, other, crowded)
    }
    const status = framework.filter(trial, pod, crowded)
    if (status) return status
  }
  return framework.filter(cycle, pod, node)
}

/**
 * The verdicts of a board with what is promised to pods of at least a priority counted in. Nodes are judged again when
 * they change, or who is promised them.
 */
export class PromisedVerdicts extends Follower {
  verdicts: Int32Array = new Int32Array(0)
  readonly #board: Board
  readonly #judge: (pod: PodInfo, cycle: CycleState, node: NodeInfo) => number
  readonly #isPromised: (node: string) => boolean
  readonly #framework: Framework
  /** The pod on whose behalf nodes are judged at present: any of those that share the board and the priority. */
  #pod: PodInfo | undefined
  #cycle: CycleState | undefined

  constructor(framework: Framework, nodes: NodeTable, statuses: StatusTable, nominator: Nominator, board: Board) {
    super(nodes, 'pods', () => board.resets)
    const scratch = new NodeColumns(1)
    this.#framework = framework
    this.#board = board
    this.#isPromised = (node) => nominator.has(node)
    this.#judge = (pod, cycle, node) =>
      statuses.idOf(filterWithNominated(framework, nominator, cycle, pod, node, scratch, ''))
  }

  /** Brings the verdicts up to date, after the board. */
  follow(pod: PodInfo): Int32Array {
    this.#pod = pod
    this.sync()
    this.#cycle = undefined
    return this.verdicts
  }

  protected override compute(slot: number, info: NodeInfo | undefined): void {
    const verdict = this.#board.verdicts[slot]!
    const pod = this.#pod
    if (verdict !== 0 || !info || !pod || !this.#isPromised(info.name)) {
      this.verdicts[slot] = verdict
      return
    }
    if (!this.#cycle) {
      this.#cycle = new CycleState()
      this.#framework.preFilter(this.#cycle, pod)
    }
    this.verdicts[slot] = this.#judge(pod, this.#cycle, info)
  }

  protected override resize(capacity: number): void {
    if (this.verdicts.length >= capacity) return
    const verdicts = new Int32Array(capacity)
    verdicts.set(this.verdicts)
    this.verdicts = verdicts
  }
}

/** Priorities of a class of pods for which verdicts are kept. */
const keptPriorities = 4

/** Verdicts with promises counted in, by board and priority. */
export class PromisedBoards {
  readonly #boards = new WeakMap<Board, Recent<PromisedVerdicts>>()

  get(board: Board, priority: number, make: () => PromisedVerdicts): PromisedVerdicts {
    let kept = this.#boards.get(board)
    if (!kept) this.#boards.set(board, (kept = new Recent(keptPriorities)))
    return kept.get(`${priority}`, make)
  }
}
