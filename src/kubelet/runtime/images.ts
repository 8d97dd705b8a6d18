/** Names an image towards the runtime. */
export interface ImageSpec {
  readonly image: string
  readonly annotations?: { readonly [key: string]: string }
  readonly userSpecifiedImage?: string
  readonly runtimeHandler?: string
}

export interface RuntimeImage {
  /** Digest of the image's configuration. */
  readonly id: string
  readonly repoTags?: readonly string[]
  readonly repoDigests?: readonly string[]
  /** Bytes. */
  readonly size: number
  /** User the image runs as, when it is a number. */
  readonly uid?: number
  /** User the image runs as, when it is a name. */
  readonly username?: string
  /** Never to be collected. */
  readonly pinned?: boolean
}

export interface AuthConfig {
  readonly username?: string
  readonly password?: string
  readonly auth?: string
  readonly serverAddress?: string
  readonly identityToken?: string
  readonly registryToken?: string
}

export interface FilesystemUsage {
  readonly timestamp: number
  readonly mountpoint: string
  readonly usedBytes?: number
  readonly inodesUsed?: number
}

/** The CRI image service. Methods reject with a `RuntimeError`. */
export interface ImageService {
  list(): Promise<readonly RuntimeImage[]>
  /** `undefined` when the image is not on the machine. */
  status(image: ImageSpec): Promise<RuntimeImage | undefined>
  /** Resolves with the reference under which containers name the image. */
  pull(image: ImageSpec, auth?: AuthConfig): Promise<string>
  remove(image: ImageSpec): Promise<void>
  /** Where images lie. */
  filesystems(): Promise<readonly FilesystemUsage[]>
  /** Where containers write; runtimes that say nothing of it write beside the images. */
  containerFilesystems(): Promise<readonly FilesystemUsage[]>
}
