import { ipFamilyOf } from '#machinery'
import type { IPFamily } from '#machinery'
import type {
  Direction,
  IsolatedPod,
  PolicyChange,
  PolicyPeer,
  PolicyPort,
  PolicyRule,
  PolicySetKind,
  PolicyState,
  Tiers,
} from '#proxy'
import { Batch } from '../batch.ts'
import { familyWords } from '../family.ts'
import { hex } from '../names.ts'
import type { Generation } from './generations.ts'

const directions = ['ingress', 'egress'] as const

/** An element of a map or set that is one pod's. */
interface Entry {
  readonly pod: string
  readonly text: string
}

/** Chain that goes on with what the destination lets in. */
const stage = 'to-pod'

/** What is accepted on its way out has still to be let in. */
const accepting: { readonly [direction in Direction]: string } = { ingress: 'goto allow', egress: `goto ${stage}` }

/**
 * One family's table of policies, and how it gets from there to what it shall be. A flow goes by its source to what that
 * pod may send, then by its destination to what that pod may get; pods that the same policies select share the chains for
 * it. Rules look at the flow as the connection table has it, not at the packet: a reply is judged as what it replies to.
 * What is let through bears the generation of the rules, and is not judged again while they stay as they are. When
 * commands fail, the program is of no use any more.
 */
export class PolicyProgram {
  readonly #family: IPFamily
  readonly #ip: 'ip' | 'ip6'
  readonly #to: string
  /** Where a flow begins. */
  readonly #source: string
  /** Where it ends, behind redirections: who replies. */
  readonly #destination: string
  /** Keys can be longer than nft's names may be, so all have numbers. */
  readonly #sets = new Map<string, { readonly name: string; readonly kind: PolicySetKind }>()
  readonly #groups = new Map<string, { readonly name: string; uses: number }>()
  readonly #policies = new Map<string, string>()
  readonly #pods = new Map<string, IsolatedPod>()
  /** What each map has for an address, and which pod it is for. */
  readonly #entries = new Map<string, Entry>()
  #next = 0
  /** Chains that were emptied and can be deleted once the kernel is sure that nothing leads to them. */
  readonly retired: Set<string> = new Set()

  constructor(table: string, family: IPFamily) {
    this.#family = family
    this.#ip = familyWords[family].ip
    this.#to = `${this.#ip} ${table}`
    this.#source = `ct original ${this.#ip} saddr`
    this.#destination = `ct reply ${this.#ip} saddr`
  }

  /** Commands that make the table, whatever there was, with this in it. */
  load(state: PolicyState, generation: Generation): string {
    const { address } = familyWords[this.#family]
    const frame = [
      `add table ${this.#to}`,
      `delete table ${this.#to}`,
      `add table ${this.#to}`,
      `add set ${this.#to} isolated { type ${address}; }`,
      `add set ${this.#to} self { type ${address} . ${address}; }`,
      `add map ${this.#to} egress { type ${address} : verdict; }`,
      `add map ${this.#to} ingress { type ${address} : verdict; }`,
      `add chain ${this.#to} ${stage}`,
      `add chain ${this.#to} known`,
      `add chain ${this.#to} allow`,
      `add rule ${this.#to} ${stage} ${this.#destination} vmap @ingress`,
      `add rule ${this.#to} ${stage} goto allow`,
      `add chain ${this.#to} forward { type filter hook forward priority 0; }`,
      // What the connection table can't place belongs to no flow that a policy could allow.
      ...['saddr', 'daddr'].map(
        (end) => `add rule ${this.#to} forward ct state invalid,untracked ${this.#ip} ${end} @isolated drop`,
      ),
      `add rule ${this.#to} forward ct state related accept`,
      `add rule ${this.#to} forward jump known`,
      `add rule ${this.#to} forward ${this.#source} vmap @egress`,
      `add rule ${this.#to} forward goto ${stage}`,
    ]
    const sets = [...state.sets].map(
      ([key, { kind, members }]) => [key, { kind, fresh: true, added: [...members], removed: [] }] as const,
    )
    const content = this.change({ sets: new Map(sets), policies: state.policies, pods: state.pods }, generation)
    return `${frame.join('\n')}\n${content}`
  }

  change({ sets, policies, pods }: PolicyChange, { mask, value }: Generation): string {
    const batch = new Batch(this.#to)
    batch.setChain('known', [`ct mark and ${hex(mask)} == ${hex(value)} accept`])
    batch.setChain('allow', [`ct mark set ct mark and ${hex(~mask)} or ${hex(value)}`, 'accept'])
    const gone: string[] = []
    for (const [key, change] of sets) {
      if (!change) {
        const set = this.#sets.get(key)
        if (set) gone.push(set.name)
        this.#sets.delete(key)
        continue
      }
      const { kind, fresh, added, removed } = change
      let set = this.#sets.get(key)
      if (set && fresh) batch.clearSet(set.name)
      if (!set) {
        set = { name: `set-${this.#next++}`, kind }
        this.#sets.set(key, set)
        batch.addSet(set.name, this.#typeOf(kind))
      }
      for (const member of removed) if (this.#isOurs(member)) batch.removeElement(set.name, element(member))
      for (const member of added) if (this.#isOurs(member)) batch.addElement(set.name, element(member))
    }
    for (const [key, policy] of policies) {
      const chain = this.#policies.get(key) ?? `policy-${this.#next++}`
      if (policy) {
        this.#policies.set(key, chain)
        batch.setChain(
          chain,
          policy.rules.flatMap((rule) => this.#rule(rule, policy.direction)),
        )
      } else if (this.#policies.delete(key)) this.#retire(batch, chain)
    }
    for (const [key, pod] of pods) this.#replacePod(batch, key, pod)
    for (const name of gone) batch.deleteSet(name)
    return batch.toString()
  }

  #replacePod(batch: Batch, key: string, pod: IsolatedPod | undefined): void {
    const before = this.#pods.get(key)
    if (pod) this.#pods.set(key, pod)
    else this.#pods.delete(key)
    const wanted = new Map<string, Entry>()
    for (const direction of directions) {
      const group = pod && groupOf(pod, direction)
      if (!group) continue
      const verdict = `goto ${this.#useGroup(batch, group)}`
      for (const address of pod.addresses)
        wanted.set(`${direction} ${address}`, { pod: key, text: `${address} : ${verdict}` })
    }
    for (const address of pod?.addresses ?? []) {
      wanted.set(`isolated ${address}`, { pod: key, text: address })
      wanted.set(`self ${address}`, { pod: key, text: `${address} . ${address}` })
    }
    for (const address of before?.addresses ?? []) {
      for (const map of [...directions, 'isolated', 'self']) {
        const place = `${map} ${address}`
        if (!wanted.has(place) && this.#entries.get(place)?.pod === key) this.#setEntry(batch, place, undefined)
      }
    }
    for (const [place, entry] of wanted) this.#setEntry(batch, place, entry)
    for (const group of before ? this.#groupsOf(before) : []) this.#releaseGroup(batch, group)
  }

  /** An address that goes from one pod to another belongs to the last that took it. */
  #setEntry(batch: Batch, place: string, entry: Entry | undefined): void {
    const [map = '', address = ''] = place.split(' ')
    if (!this.#isOurs(address)) return
    const before = this.#entries.get(place)
    if (entry) this.#entries.set(place, entry)
    else this.#entries.delete(place)
    if (entry?.text === before?.text) return
    if (before) batch.removeElement(map, before.text)
    if (entry) batch.addElement(map, entry.text)
  }

  #groupsOf(pod: IsolatedPod): readonly string[] {
    return directions.flatMap((direction) => {
      const group = groupOf(pod, direction)
      return group ? [keyOfGroup(group)] : []
    })
  }

  #useGroup(batch: Batch, members: Group): string {
    const key = keyOfGroup(members)
    let group = this.#groups.get(key)
    if (!group) {
      group = { name: `group-${this.#next++}`, uses: 0 }
      this.#groups.set(key, group)
      const { direction, admin, policies, baseline } = members
      const jump = (list: string): string => `jump ${this.#policies.get(list)}`
      // NetworkPolicies have the last word; what is behind them holds where there are none.
      // A pod that reaches itself through a service reaches itself, whatever they say; cluster policies are asked all the same.
      const itself = `${this.#source} . ${this.#destination} @self ${accepting[direction]}`
      const rest = policies
        ? [itself, ...policies.map(jump), 'drop']
        : [...(baseline === undefined ? [] : [jump(baseline)]), accepting[direction]]
      batch.setChain(group.name, [...(admin === undefined ? [] : [jump(admin)]), ...rest])
    }
    group.uses++
    return group.name
  }

  #releaseGroup(batch: Batch, key: string): void {
    const group = this.#groups.get(key)
    if (!group || --group.uses > 0) return
    this.#groups.delete(key)
    this.#retire(batch, group.name)
  }

  #retire(batch: Batch, chain: string): void {
    batch.emptyChain(chain)
    this.retired.add(chain)
  }

  #rule(rule: PolicyRule, direction: Direction): readonly string[] {
    const other = direction === 'ingress' ? this.#source : this.#destination
    const { action = 'accept' } = rule
    const verdict = action === 'accept' ? accepting[direction] : action === 'deny' ? 'drop' : 'return'
    const peers = rule.peers?.flatMap((peer) => this.#peer(peer, other)) ?? ['']
    const ports = rule.ports ? this.#ports(rule.ports) : ['']
    return peers.flatMap((peer) => ports.map((port) => [peer, port, verdict].filter((part) => part !== '').join(' ')))
  }

  /** Nothing for peers of the other family: nobody of this one is let in by them. */
  #peer(peer: PolicyPeer, other: string): readonly string[] {
    if ('set' in peer) return [`${other} @${this.#nameOf(peer.set)}`]
    if (!this.#isOurs(peer.block)) return []
    const except = peer.except.filter((block) => this.#isOurs(block))
    return [[`${other} ${peer.block}`, ...except.map((block) => `${other} != ${block}`)].join(' ')]
  }

  /** Numbers of one protocol make one match, sets one each. */
  #ports(ports: readonly PolicyPort[]): readonly string[] {
    const matches: string[] = []
    const ranges = new Map<string, [number, number][]>()
    for (const port of ports) {
      const protocol = port.protocol.toLowerCase()
      if ('set' in port) {
        matches.push(
          `meta l4proto ${protocol} ${this.#destination} . meta l4proto . ct reply proto-src @${this.#nameOf(port.set)}`,
        )
        continue
      }
      const { from, to = from } = port
      if (from === undefined) matches.push(`meta l4proto ${protocol}`)
      else ranges.set(protocol, [...(ranges.get(protocol) ?? []), [from, to ?? from]])
    }
    for (const [protocol, list] of ranges) {
      matches.push(`meta l4proto ${protocol} ct reply proto-src { ${merged(list).join(', ')} }`)
    }
    return matches
  }

  #nameOf(set: string): string {
    const known = this.#sets.get(set)
    if (!known) throw new Error(`policy uses a set that is not there: ${set}`)
    return known.name
  }

  #typeOf(kind: PolicySetKind): string {
    const { address } = familyWords[this.#family]
    return kind === 'addresses' ? `type ${address};` : `type ${address} . inet_proto . inet_service;`
  }

  #isOurs(text: string): boolean {
    return ipFamilyOf(text) === this.#family
  }
}

/** What decides on connections of a pod in one direction. */
interface Group extends Tiers {
  readonly direction: Direction
  readonly policies?: readonly string[]
}

function groupOf(pod: IsolatedPod, direction: Direction): Group | undefined {
  const { [direction]: policies, tiers } = pod
  const own = tiers?.[direction]
  return policies || own ? { direction, ...own, ...(policies ? { policies } : {}) } : undefined
}

const keyOfGroup = ({ direction, admin = '', policies, baseline = '' }: Group): string =>
  JSON.stringify(policies ? [direction, admin, policies] : [direction, admin, null, baseline])

/** Ranges in order, none touching another: nft takes no others in one match. */
function merged(ranges: readonly (readonly [number, number])[]): readonly string[] {
  const result: [number, number][] = []
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = result[result.length - 1]
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else result.push([from, to])
  }
  return result.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
}

/** `10.0.0.1 TCP 80` becomes `10.0.0.1 . tcp . 80`. */
function element(member: string): string {
  return member.includes(' ') ? member.toLowerCase().replaceAll(' ', ' . ') : member
}
