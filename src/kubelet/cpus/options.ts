/** What the static policy is told besides its rules. */
export interface StaticOptions {
  /** Gives whole cores only. */
  readonly fullCoresOnly: boolean
  /** Divides CPUs evenly among NUMA nodes instead of filling one after the other. */
  readonly distributeAcrossNumaNodes: boolean
  /** Aligns by sockets rather than NUMA nodes. */
  readonly alignBySocket: boolean
  readonly distributeAcrossCores: boolean
  /** Keeps reserved CPUs from all pods, not just from exclusive use. */
  readonly strictReservation: boolean
  readonly alignByUncoreCache: boolean
}

type Stage = 'Alpha' | 'Beta' | 'Stable'

const known: { readonly [option: string]: readonly [field: keyof StaticOptions, stage: Stage] } = {
  'full-pcpus-only': ['fullCoresOnly', 'Stable'],
  'distribute-cpus-across-numa': ['distributeAcrossNumaNodes', 'Beta'],
  'align-by-socket': ['alignBySocket', 'Alpha'],
  'distribute-cpus-across-cores': ['distributeAcrossCores', 'Alpha'],
  'strict-cpu-reservation': ['strictReservation', 'Stable'],
  'prefer-align-cpus-by-uncorecache': ['alignByUncoreCache', 'Stable'],
}

/** Options that contradict each other. */
const excluding: readonly (readonly [string, string])[] = [
  ['full-pcpus-only', 'distribute-cpus-across-cores'],
  ['distribute-cpus-across-numa', 'distribute-cpus-across-cores'],
  ['prefer-align-cpus-by-uncorecache', 'distribute-cpus-across-cores'],
  ['prefer-align-cpus-by-uncorecache', 'distribute-cpus-across-numa'],
]

/**
 * Reads `cpuManagerPolicyOptions`.
 *
 * @param gates feature gates that were set; beta options are on without, alpha ones are off.
 * @throws Error for what is unknown, off or contradicts itself.
 */
export function readStaticOptions(
  options: { readonly [name: string]: string },
  gates: { readonly [gate: string]: boolean },
): StaticOptions {
  const read: { -readonly [field in keyof StaticOptions]: boolean } = {
    fullCoresOnly: false,
    distributeAcrossNumaNodes: false,
    alignBySocket: false,
    distributeAcrossCores: false,
    strictReservation: false,
    alignByUncoreCache: false,
  }
  for (const [name, value] of Object.entries(options)) {
    const [field, stage] = known[name] ?? []
    const quoted = JSON.stringify(name)
    if (field === undefined) throw new Error(`unknown CPU Manager Policy option: ${quoted}`)
    const isOn = stage === 'Stable' || (gates[`CPUManagerPolicy${stage}Options`] ?? stage === 'Beta')
    if (!isOn) throw new Error(`CPU Manager Policy ${stage}-level Options not enabled, but option ${quoted} provided`)
    read[field] = flagOf(name, value)
  }
  for (const [a, b] of excluding) {
    if (isSet(read, a) && isSet(read, b)) {
      throw new Error(`static policy options ${a} and ${b} can not be used at the same time`)
    }
  }
  return read
}

function isSet(options: StaticOptions, name: string): boolean {
  const [field] = known[name] ?? []
  return field !== undefined && options[field]
}

/** Reads a truth value as Go does. @throws Error when it is none. */
export function flagOf(option: string, value: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)) return true
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value)) return false
  const why = `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`
  throw new Error(`bad value for option ${JSON.stringify(option)}: ${why}`)
}
