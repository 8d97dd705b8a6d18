import { featureGates, type FeatureGate } from '#base'

/** Gates as a configuration moves them. */
export interface MovedGates {
  readonly [gate: string]: boolean
}

const known: ReadonlyMap<string, FeatureGate> = new Map(featureGates.map((gate) => [gate.name, gate]))

/** Gates that move all others of a stage that are not named. */
const ofStage: { readonly [stage: string]: string } = { ALPHA: 'AllAlpha', BETA: 'AllBeta' }

/** Whether a feature is on, as upstream's kubelet would have it. */
export function isOn(moved: MovedGates, name: string): boolean {
  const gate = known.get(name)
  return moved[name] ?? moved[ofStage[gate?.stage ?? ''] ?? ''] ?? gate?.on ?? false
}

/** Why gates can't be moved like that, in upstream's words. */
export function gateProblems(moved: MovedGates): readonly string[] {
  const problems: string[] = []
  for (const [name, on] of Object.entries(moved).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const gate = known.get(name)
    if (!gate) problems.push(`unrecognized feature gate: ${name}`)
    else if (gate.isLocked && gate.on !== on)
      problems.push(`cannot set feature gate ${name} to ${on}, feature is locked to ${gate.on}`)
  }
  return problems.length > 0 ? problems : featureGates.flatMap((gate) => unmetNeeds(gate, moved)).sort()
}

function unmetNeeds({ name, needs }: FeatureGate, moved: MovedGates): readonly string[] {
  const off = isOn(moved, name) ? needs.filter((need) => !isOn(moved, need)) : []
  return off.length === 0 ? [] : [`${name} is enabled, but depends on features that are disabled: [${off.join(' ')}]`]
}
