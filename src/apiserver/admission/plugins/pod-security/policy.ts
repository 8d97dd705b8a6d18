import { invalidValue, Path } from '#machinery'
import type { FieldError } from '#machinery'

export type Level = 'privileged' | 'baseline' | 'restricted'

/** A level of the standards as one minor version of Kubernetes had it. */
export interface LevelVersion {
  readonly level: Level
  readonly version: number | 'latest'
}

/** What a namespace wants of its pods. */
export interface PodSecurityPolicy {
  readonly enforce: LevelVersion
  readonly audit: LevelVersion
  readonly warn: LevelVersion
}

interface Labels {
  readonly [label: string]: string
}

const prefix = 'pod-security.kubernetes.io/'
const levels: readonly string[] = ['privileged', 'baseline', 'restricted']
const labelsPath = Path.of('metadata', 'labels')

export function textOf({ level, version }: LevelVersion): string {
  return `${level}:${version === 'latest' ? version : `v1.${version}`}`
}

/** Below 0 when `a` asks less than `b`. */
export function compareLevels(a: Level, b: Level): number {
  return levels.indexOf(a) - levels.indexOf(b)
}

/**
 * The policy that the labels of a namespace ask for. A level that can't be read is enforced as the strictest, and neither
 * audited nor warned of.
 */
export function policyOf(labels: Labels = {}): {
  readonly policy: PodSecurityPolicy
  readonly errors: readonly FieldError[]
} {
  const errors: FieldError[] = []
  const invalid = (label: string, value: string, why: string): void => {
    errors.push(invalidValue(labelsPath.key(label), value, why))
  }
  const level = (mode: string, otherwise: Level): Level => {
    const value = labels[prefix + mode]
    if (value === undefined) return 'privileged'
    if (levels.includes(value)) return value as Level
    invalid(prefix + mode, value, `must be one of ${levels.join(', ')}`)
    return otherwise
  }
  const version = (mode: string): LevelVersion['version'] => {
    const label = `${prefix}${mode}-version`
    const value = labels[label]
    const minor = /^v1\.(\d|[1-9]\d*)$/.exec(value ?? '')?.[1]
    if (minor !== undefined) return Number(minor)
    if (value !== undefined && value !== 'latest') invalid(label, value, 'must be "latest" or "v1.x"')
    return 'latest'
  }
  const mode = (name: string, otherwise: Level): LevelVersion => ({
    level: level(name, otherwise),
    version: version(name),
  })
  const enforce = mode('enforce', 'restricted')
  const audit = mode('audit', 'privileged')
  const warn = mode('warn', 'privileged')
  const policy = { enforce, audit, warn }
  const enforces = levels.includes(labels[`${prefix}enforce`] ?? '')
  // Who makes controllers for pods that would be refused hears of it.
  if (labels[`${prefix}warn`] === undefined && enforces && compareLevels(enforce.level, warn.level) > 0) {
    const own = labels[`${prefix}warn-version`] !== undefined
    return {
      policy: { ...policy, warn: { level: enforce.level, version: own ? warn.version : enforce.version } },
      errors,
    }
  }
  return { policy, errors }
}
