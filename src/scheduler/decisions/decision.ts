import type { NodeTable } from '../cache/node-table.ts'
import type { PluginScore } from '../cycle/rank-nodes.ts'
import type { Diagnosis } from '../framework/diagnosis.ts'
import type { Status } from '../framework/status.ts'

/** What became of the last attempt to schedule a pod. */
export type Decision = Placed | Refused

export interface Placed {
  readonly kind: 'placed'
  /** Milliseconds since 1970. */
  readonly time: number
  readonly node: string
  /** The sum of weighted scores, and its parts; none where only one node would do. */
  readonly total: number
  readonly scores: readonly PluginScore[]
  readonly feasible: number
  readonly evaluated: number
}

export interface Refused {
  readonly kind: 'refused'
  readonly time: number
  /** As the pod's condition has it. */
  readonly message: string
  /** Nodes by what was said against them first. */
  readonly verdicts: readonly { readonly status: Status; readonly nodes: readonly string[] }[]
  /** Where room is being made, and who goes for it. */
  readonly nominatedNode?: string
  readonly victims?: readonly Victim[]
}

/** A pod that goes for another. */
export interface Victim {
  readonly namespace: string
  readonly name: string
  readonly priority: number
}

/** A refusal as it is kept: numbers over slots, with the names the slots had. */
interface KeptRefusal {
  readonly time: number
  readonly message: string
  readonly verdicts: Uint16Array
  readonly names: readonly string[]
  readonly statusOf: (id: number) => Status | undefined
  readonly room: Room
}

/** What PostFilter plugins made of it. */
export interface Room {
  /** Where the pod will have room soon; empty where nowhere; `undefined` leaves what was promised before. */
  readonly nominatedNode: string | undefined
  readonly victims: readonly Victim[]
}

/** More statuses than this are not told apart in what is kept. */
const maxStatus = 0xffff

/**
 * The last decision about each of the pods that were tried last. Verdicts of pods that were refused in the same way, as
 * replicas are, are held once.
 */
export class DecisionLog {
  readonly #nodes: NodeTable
  readonly #limit: number
  #young = new Map<string, Placed | KeptRefusal>()
  #old = new Map<string, Placed | KeptRefusal>()
  #names: readonly string[] = []
  #namesAt = -1
  #last = new Uint16Array(0)

  /** @param limit pods that are remembered at least; up to twice as many are. */
  constructor(nodes: NodeTable, limit = 10_000) {
    this.#nodes = nodes
    this.#limit = limit
  }

  placed(uid: string, placed: Omit<Placed, 'kind'>): void {
    this.#keep(uid, { kind: 'placed', ...placed })
  }

  refused(uid: string, time: number, message: string, diagnosis: Diagnosis | undefined, room: Room): void {
    this.#keep(uid, {
      time,
      message,
      verdicts: this.#shared(diagnosis),
      names: this.#currentNames(),
      statusOf: (id) => diagnosis?.preFilter ?? diagnosis?.statusAt(id),
      room,
    })
  }

  get(uid: string): Decision | undefined {
    const kept = this.#young.get(uid) ?? this.#old.get(uid)
    return kept && ('kind' in kept ? kept : expand(kept))
  }

  #keep(uid: string, decision: Placed | KeptRefusal): void {
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#old.delete(uid)
    this.#young.set(uid, decision)
  }

  #shared(diagnosis: Diagnosis | undefined): Uint16Array {
    const verdicts = diagnosis?.verdicts ?? []
    const last = this.#last
    let same = last.length === verdicts.length
    for (let slot = 0; same && slot < last.length; slot++) same = last[slot] === Math.min(verdicts[slot]!, maxStatus)
    if (!same) this.#last = Uint16Array.from(verdicts, (id) => Math.min(id, maxStatus))
    return this.#last
  }

  #currentNames(): readonly string[] {
    const { position } = this.#nodes.nodeChanges
    if (this.#namesAt !== position) {
      this.#names = Array.from({ length: this.#nodes.size }, (_, slot) => this.#nodes.at(slot)?.name ?? '')
      this.#namesAt = position
    }
    return this.#names
  }
}

function expand({ time, message, verdicts, names, statusOf, room }: KeptRefusal): Refused {
  const groups = new Map<Status, string[]>()
  names.forEach((name, slot) => {
    const status = name === '' ? undefined : statusOf(verdicts[slot] ?? 0)
    if (!status) return
    const nodes = groups.get(status)
    if (nodes) nodes.push(name)
    else groups.set(status, [name])
  })
  return {
    kind: 'refused',
    time,
    message,
    verdicts: [...groups].map(([status, nodes]) => ({ status, nodes })),
    ...(room.nominatedNode ? { nominatedNode: room.nominatedNode } : {}),
    ...(room.victims.length > 0 ? { victims: room.victims } : {}),
  }
}
