import type { Protocol } from './packet-filter.ts'

export type Direction = 'ingress' | 'egress'

/** Who may be at the other end: members of a set of addresses, or a block without parts of it. */
export type PolicyPeer = { readonly set: string } | { readonly block: string; readonly except: readonly string[] }

/** What may be asked for: ports of a protocol, all of them when there is none, or members of a set of destinations. */
export type PolicyPort =
  | { readonly protocol: Protocol; readonly from?: number; readonly to?: number }
  | { readonly protocol: Protocol; readonly set: string }

/** What becomes of a connection that a rule is about: `pass` leaves it to those who come after the list of rules. */
export type RuleAction = 'accept' | 'deny' | 'pass'

/** Is about what any of the peers does on any of the ports; anybody and anything where these are absent. */
export interface PolicyRule {
  /** `accept` when absent. */
  readonly action?: RuleAction
  readonly peers?: readonly PolicyPeer[]
  readonly ports?: readonly PolicyPort[]
}

/** A pod of this node that policies select. A direction without policies is open, one with an empty list is shut. */
export interface IsolatedPod {
  /** Canonical, in both families. */
  readonly addresses: readonly string[]
  /** Keys of the policies, sorted. */
  readonly ingress?: readonly string[]
  readonly egress?: readonly string[]
  /** What is asked before and after those; they decide for good, and where there are none what is left is open. */
  readonly tiers?: { readonly [direction in Direction]?: Tiers }
}

/** Keys of lists of rules that decide one after the other. */
export interface Tiers {
  readonly admin?: string
  readonly baseline?: string
}

/** What a set has for members: addresses, or destinations of the form {@link destinationOf}. */
export type PolicySetKind = 'addresses' | 'destinations'

export interface PolicySet {
  readonly kind: PolicySetKind
  readonly members: Iterable<string>
}

/** The whole of what shall be true. */
export interface PolicyState {
  readonly sets: ReadonlyMap<string, PolicySet>
  /** Rules of one direction of a policy, or of a tier of several, by its key. */
  readonly policies: ReadonlyMap<string, { readonly direction: Direction; readonly rules: readonly PolicyRule[] }>
  readonly pods: ReadonlyMap<string, IsolatedPod>
}

/** How a set changed. */
export interface PolicySetChange {
  readonly kind: PolicySetKind
  /** Begins empty, whatever there was under its key. */
  readonly fresh: boolean
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** A difference to what the filter has: `undefined` takes something away. */
export interface PolicyChange {
  readonly sets: ReadonlyMap<string, PolicySetChange | undefined>
  readonly policies: ReadonlyMap<
    string,
    { readonly direction: Direction; readonly rules: readonly PolicyRule[] } | undefined
  >
  readonly pods: ReadonlyMap<string, IsolatedPod | undefined>
}

/**
 * Enforces network policies on packets that are forwarded to and from the node's pods. What the node itself sends them is
 * never refused. Connections under way are judged again after every change: those that are not allowed any more stop at once,
 * in both directions. Calls run one after the other, each is one transaction.
 */
export interface PolicyFilter {
  /** Makes exactly this true, whatever was there. */
  replace(state: PolicyState): Promise<void>
  /** Applies a difference. When it rejects nothing has changed, and only `replace` may follow. */
  apply(change: PolicyChange): Promise<void>
  /** Whether the rules are still there, as far as a quick look can tell. */
  intact(): Promise<boolean>
  /** Takes everything away. */
  clear(): Promise<void>
  /** Ends helper processes; the rules stay. */
  close(): Promise<void>
}

/** A destination as a member of a set: `10.0.0.1 TCP 80`. */
export function destinationOf(address: string, protocol: Protocol, port: number): string {
  return `${address} ${protocol} ${port}`
}
