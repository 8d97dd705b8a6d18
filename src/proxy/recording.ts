import type { NodeRules, PacketFilter, RuleChange, RuleSet, ServicePortRules } from './packet-filter.ts'

/** A packet filter that only remembers what it was told. */
export interface RecordingPacketFilter extends PacketFilter {
  /** Calls that were made: `replace`, `apply`, `clear`, `close`. */
  readonly calls: readonly string[]
  /** What would be true now; `undefined` before the first `replace` and after `clear`. */
  readonly rules: RuleSet | undefined
  /** The next so many calls that change something fail. */
  failures: number
  /** What {@link PacketFilter.intact} answers. */
  present: boolean
}

export function recordingPacketFilter(): RecordingPacketFilter {
  return new Recorder()
}

class Recorder implements RecordingPacketFilter {
  readonly calls: string[] = []
  failures = 0
  present = true
  #rules: { node: NodeRules; servicePorts: Map<string, ServicePortRules> } | undefined

  get rules(): RuleSet | undefined {
    return this.#rules
  }

  async replace(rules: RuleSet): Promise<void> {
    this.#call('replace')
    this.#rules = { node: rules.node, servicePorts: new Map(rules.servicePorts) }
    this.present = true
  }

  async apply(change: RuleChange): Promise<void> {
    this.#call('apply')
    if (!this.#rules) throw new Error('apply before replace')
    if (change.node) this.#rules.node = change.node
    for (const [key, rules] of change.servicePorts) {
      if (rules) this.#rules.servicePorts.set(key, rules)
      else if (!this.#rules.servicePorts.delete(key)) throw new Error(`no rules of ${key} to take away`)
    }
  }

  async intact(): Promise<boolean> {
    return this.present
  }

  async clear(): Promise<void> {
    this.#call('clear')
    this.#rules = undefined
  }

  async close(): Promise<void> {
    this.calls.push('close')
  }

  #call(name: string): void {
    this.calls.push(name)
    if (this.failures === 0) return
    this.failures--
    this.#rules = undefined
    throw new Error('the filter was told to fail')
  }
}
