import type { Check, CheckedPod, CheckPod, Violation } from './check.ts'
import { hostChecks } from './checks/host.ts'
import { kernelChecks } from './checks/kernel.ts'
import { privilegeChecks } from './checks/privileges.ts'
import { profileChecks } from './checks/profiles.ts'
import type { LevelVersion } from './policy.ts'

const byId = (a: Check, b: Check): number => (a.id < b.id ? -1 : 1)
const all = [...hostChecks, ...kernelChecks, ...privilegeChecks, ...profileChecks].sort(byId)
const newest = Math.max(...all.flatMap(({ versions }) => versions.map(({ since }) => since)))

const known = new Map<string, readonly CheckPod[]>()

/** What a level forbids and the pod has: controls of the baseline first, each by name. */
export function evaluate({ level, version }: LevelVersion, pod: CheckedPod): readonly Violation[] {
  if (level === 'privileged') return []
  const minor = version === 'latest' ? newest : Math.min(version, newest)
  const key = `${level} ${minor}`
  let checks = known.get(key)
  if (!checks) known.set(key, (checks = checksOf(level, minor)))
  return checks.map((check) => check(pod)).filter((violation) => violation !== undefined)
}

function checksOf(level: LevelVersion['level'], minor: number): readonly CheckPod[] {
  const current = (wanted: Check['level']): { readonly id: string; readonly version: Check['versions'][number] }[] =>
    all
      .filter((check) => check.level === wanted)
      .flatMap(({ id, versions }) => {
        const version = versions.findLast(({ since }) => since <= minor)
        return version ? [{ id, version }] : []
      })
  const baseline = current('baseline')
  if (level === 'baseline') return baseline.map(({ version }) => version.check)
  const restricted = current('restricted')
  const overridden = new Set(restricted.flatMap(({ version }) => version.overrides ?? []))
  return [...baseline.filter(({ id }) => !overridden.has(id)), ...restricted].map(({ version }) => version.check)
}

/** Violations in one text: `privileged (container "a" must not ...), host namespaces (hostPID=true)`. */
export function describe(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => `${reason} (${detail})`).join(', ')
}
