import { readFile } from 'node:fs/promises'
import type { CgroupUsage, Pressure, Waiting } from '#kubelet'

/**
 * Reads what tasks waited for.
 *
 * @param pathOf the file of a resource, `/sys/fs/cgroup/…/cpu.pressure` or `/proc/pressure/cpu`
 */
export async function readPressure(
  pathOf: (resource: 'cpu' | 'memory' | 'io') => string,
): Promise<Pick<CgroupUsage, 'pressure'>> {
  const read = async (resource: 'cpu' | 'memory' | 'io'): Promise<Pressure> =>
    parsePressure(await readFile(pathOf(resource), 'utf8'))
  try {
    const [cpu, memory, io] = await Promise.all([read('cpu'), read('memory'), read('io')])
    return { pressure: { cpu, memory, io } }
  } catch {
    // The kernel has none, or was started without (psi=0).
    return {}
  }
}

/** Lines like `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`. Old kernels have none of all tasks for CPUs. */
function parsePressure(text: string): Pressure {
  const waiting = (kind: string): Waiting => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${kind} `)) ?? ''
    const of = (name: string): number => Number(new RegExp(`${name}=([\\d.]+)`).exec(line)?.[1] ?? 0)
    return { total: of('total'), avg10: of('avg10'), avg60: of('avg60'), avg300: of('avg300') }
  }
  return { full: waiting('full'), some: waiting('some') }
}
