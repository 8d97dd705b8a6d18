export interface VolumeFile {
  readonly content: Uint8Array
  readonly mode: number
  /** Owner, where it is not root. */
  readonly uid?: number
}

export type FileKind = 'none' | 'directory' | 'file' | 'socket' | 'character device' | 'block device' | 'other'

export interface Ownership {
  readonly group: number
  readonly readOnly: boolean
  /** Leaves a volume alone whose top folder has the right group already. */
  readonly onRootMismatch: boolean
}

export interface SubPath {
  readonly podFolder: string
  readonly volumeName: string
  readonly containerName: string
  /** Index of the container's mount. */
  readonly index: number
  readonly volumePath: string
  readonly subPath: string
}

/** Folders of a path within a volume were missing, and could not be made. */
export class SubPathNotMadeError extends Error {
  constructor(options?: ErrorOptions) {
    super('folders of the path could not be made', options)
    this.name = 'SubPathNotMadeError'
  }
}

/** Folders, files and mounts of volumes. */
export interface VolumeFiles {
  makeFolder(path: string, mode: number): Promise<void>
  makeFile(path: string, mode: number): Promise<void>
  kindOf(path: string): Promise<FileKind>
  /** A folder that is kept in memory only; resolves with its path. The same name gives the same folder. */
  memoryFolder(uid: string, name: string): Promise<string>
  /**
   * Makes `files` the content of the folder in one step, so that a reader sees all of the old or all of the new.
   * Nothing is touched when nothing changed.
   */
  writeAtomic(folder: string, files: ReadonlyMap<string, VolumeFile>, ownership?: Ownership): Promise<void>
  /**
   * Mounts a file system in memory on a folder, or one of huge pages of a size (`2Mi`); resolves with whether there was
   * none.
   */
  mountMemory(folder: string, sizeBytes: number | undefined, pageSize: string | undefined): Promise<boolean>
  /**
   * Whether the volume whose folder below its pod's this is was marked as ready: what belongs to containers from then on is
   * not touched again, also by the next agent.
   */
  isReady(folder: string): Promise<boolean>
  markReady(folder: string): Promise<void>
  setOwnership(folder: string, ownership: Ownership): Promise<void>
  /**
   * Prepares a path within a volume for mounting, so that nobody can lead it out of the volume; resolves with its path.
   *
   * @throws SubPathNotMadeError when folders of it are missing and can't be made.
   */
  subPath(request: SubPath): Promise<string>
  /** Releases a pod's folders in memory, and what `subPath` prepared for it. */
  releasePod(uid: string, podFolder: string): Promise<void>
  /** Unmounts what is mounted there and removes the folder with its content. */
  remove(path: string): Promise<void>
  /** Volumes of a pod that are on the disk, as `<plugin folder>/<volume>`. */
  list(uid: string): Promise<readonly string[]>
  /** Follows symbolic links. */
  realPath(path: string): Promise<string>
}
