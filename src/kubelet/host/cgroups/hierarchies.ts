import { readFileSync } from 'node:fs'

/** One mounted cgroup file system. */
export interface Hierarchy {
  readonly mountPoint: string
  readonly version: 1 | 2
  /** Controllers that a v1 hierarchy carries; empty for named ones. */
  readonly controllers: readonly string[]
}

/** The mounted cgroup hierarchies, from the text of /proc/self/mountinfo. */
function hierarchiesIn(mountInfo: string): Hierarchy[] {
  const found: Hierarchy[] = []
  for (const line of mountInfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ')
    const mountPoint = left.split(' ')[4]
    const [type, , options = ''] = right.split(' ')
    if (mountPoint === undefined) continue
    if (type === 'cgroup2') found.push({ mountPoint, version: 2, controllers: [] })
    if (type === 'cgroup') {
      const controllers = options
        .split(',')
        .filter((option) => option !== 'rw' && option !== 'ro' && !option.includes('='))
      found.push({ mountPoint, version: 1, controllers })
    }
  }
  return found
}

export const mountedHierarchies = (): Hierarchy[] => hierarchiesIn(readFileSync('/proc/self/mountinfo', 'utf8'))

/** 2 where the unified hierarchy is all there is; beside v1 hierarchies it carries no controllers of ours. */
export function versionOf(hierarchies: readonly Hierarchy[]): 1 | 2 {
  return hierarchies.some(({ version, controllers }) => version === 1 && controllers.length > 0) ? 1 : 2
}

/** Where a v1 controller is mounted. */
export function mountOf(hierarchies: readonly Hierarchy[], controller: string): string | undefined {
  return hierarchies.find(({ version, controllers }) => version === 1 && controllers.includes(controller))?.mountPoint
}
