import type { ContainerRuntime } from '../runtime/runtime.ts'
import type { Measures } from '../seams/measures.ts'
import { signals, type Signal, type Threshold } from './thresholds.ts'

/**
 * What shares a file system (KEP-4191): `one` where all is on the node's own, `images` where images and what containers
 * write have another, `split` where images have another than containers.
 */
export type Layout = 'one' | 'images' | 'split'

export interface LayoutOptions {
  readonly measures: Measures
  readonly runtime: Pick<ContainerRuntime, 'images'>
  /** Folder on the file system that pods write to. */
  readonly root: string
}

export async function imageFolder({ images }: LayoutOptions['runtime']): Promise<string | undefined> {
  const [filesystem] = await images.filesystems()
  return filesystem?.mountpoint
}

export async function containerFolder({ images }: LayoutOptions['runtime']): Promise<string | undefined> {
  const [filesystem] = await images.containerFilesystems()
  return filesystem?.mountpoint ?? imageFolder({ images })
}

/** @throws the host's error, or the runtime's */
export async function layoutOf({ measures, runtime, root }: LayoutOptions): Promise<Layout> {
  const [images, containers] = await Promise.all([imageFolder(runtime), containerFolder(runtime)])
  if (images === undefined || containers === undefined) return 'one'
  const [own, ofImages, ofContainers] = await Promise.all(
    [root, images, containers].map((path) => measures.device(path)),
  )
  if (ofImages !== ofContainers) return 'split'
  return own === ofImages ? 'one' : 'images'
}

/** The file system that a signal is about. */
export type FileSystem = 'nodefs' | 'imagefs' | 'containerfs'

export const fileSystemOf = (signal: Signal): FileSystem | undefined =>
  signals[signal].pressure === 'DiskPressure' ? (signal.split('.')[0] as FileSystem) : undefined

/** Which of the others the file system of containers is. */
const twinOf = (layout: Layout): FileSystem => (layout === 'images' ? 'imagefs' : 'nodefs')

/** Thresholds of the file system of containers: those of the one that it is. */
export function containerThresholds(thresholds: readonly Threshold[], layout: Layout): readonly Threshold[] {
  return thresholds
    .filter(({ signal }) => fileSystemOf(signal) === twinOf(layout))
    .map((threshold) => ({
      ...threshold,
      signal: threshold.signal.replace(/^\w+/, 'containerfs') as Signal,
    }))
}

/** What the node can do without, and lies on the file system that runs full. */
export function unusedOn(fileSystem: FileSystem, layout: Layout): readonly ('containers' | 'images')[] {
  if (layout === 'one') return ['containers', 'images']
  if (layout === 'images') return fileSystem === 'nodefs' ? [] : ['containers', 'images']
  return fileSystem === 'imagefs' ? ['images'] : ['containers']
}

/** What of a pod lies on a file system: layers of its containers, and the rest, which is logs and local volumes. */
export function ofPodsOn(fileSystem: FileSystem, layout: Layout): { readonly layers: boolean; readonly rest: boolean } {
  if (layout === 'one') return { layers: true, rest: true }
  if (layout === 'split') return { layers: fileSystem !== 'imagefs', rest: fileSystem !== 'imagefs' }
  return { layers: fileSystem !== 'nodefs', rest: fileSystem === 'nodefs' }
}
