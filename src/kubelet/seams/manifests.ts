/** What a file of a folder of manifests holds: one object, or why it can't be read. */
export type Manifest = { readonly object: unknown } | { readonly error: string }

/** Folders of manifests, in YAML or JSON; or one manifest. */
export interface Manifests {
  /** Manifests by path, in its order; hidden files are left out. None where there is no folder. */
  read(folder: string): Promise<ReadonlyMap<string, Manifest>>
  /** Hears of changes, where the system tells of them. @returns what ends that. */
  watch(folder: string, changed: () => void): () => void
}
