import type { Logger } from '#base'
import { Quantity } from '#machinery'
import type { PodCgroups } from '../seams/cgroups.ts'
import type { CgroupUsage } from '../seams/usage.ts'
import { containerFolder, imageFolder, type FileSystem, type LayoutOptions } from './layout.ts'
import type { Observation, Observations, Signal } from './thresholds.ts'

export interface ObserveOptions extends LayoutOptions {
  readonly log: Logger
  readonly cgroups: PodCgroups
  readonly memoryBytes: () => number
}

/** What is left of what is watched; of what can't be measured nothing is said. */
export async function observeNode(
  { log, cgroups, measures, runtime, root, memoryBytes }: ObserveOptions,
  watched: ReadonlySet<Signal>,
): Promise<Observations> {
  const observations = new Map<Signal, Observation>()
  const put = (signal: Signal, available: Quantity, capacity: Quantity): void =>
    void observations.set(signal, { available, capacity })
  const memory = async (): Promise<void> => {
    const { machine, pods } = await cgroups.nodeUsage()
    putMemory('memory.available', machine, memoryBytes())
    putMemory('allocatableMemory.available', pods, pods.memory.limitBytes)
  }
  const putMemory = (signal: Signal, { memory: { workingSetBytes } }: CgroupUsage, limit: number | undefined): void => {
    if (limit === undefined) return
    const left = Math.max(0, limit - workingSetBytes)
    put(signal, bytes(left), bytes(left + workingSetBytes))
  }
  const disk = async (name: FileSystem, path: string | undefined): Promise<void> => {
    if (path === undefined) return
    const space = await measures.space(path)
    put(`${name}.available`, bytes(space.availableBytes), bytes(space.capacityBytes))
    // Some file systems make inodes as they need them.
    if (space.inodes > 0) put(`${name}.inodesFree`, number(space.inodesFree), number(space.inodes))
  }
  const processes = async (): Promise<void> => {
    const { most, running } = await measures.processes()
    put('pid.available', number(most - running), number(most))
  }
  const watches = (...wanted: readonly Signal[]): boolean => wanted.some((signal) => watched.has(signal))
  const results = await Promise.allSettled([
    watches('memory.available', 'allocatableMemory.available') && memory(),
    watches('pid.available') && processes(),
    watches('nodefs.available', 'nodefs.inodesFree') && disk('nodefs', root),
    watches('imagefs.available', 'imagefs.inodesFree') && imageFolder(runtime).then((path) => disk('imagefs', path)),
    watches('containerfs.available', 'containerfs.inodesFree') &&
      containerFolder(runtime).then((path) => disk('containerfs', path)),
  ])
  for (const result of results) {
    if (result.status === 'rejected') log.debug('Something of the node could not be measured', { error: result.reason })
  }
  return observations
}

const bytes = (value: number): Quantity => Quantity.of(value, 0, 'BinarySI')
const number = (value: number): Quantity => Quantity.of(value, 0, 'DecimalSI')
