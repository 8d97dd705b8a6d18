/** What a file of a folder of manifests holds, or the answer of a URL: one object, or why it can't be read. */
export type Manifest = { readonly object: unknown } | { readonly error: string }

/** Manifests in YAML or JSON: folders of them, or one file; and URLs. */
export interface Manifests {
  /** Manifests by path, in its order; hidden files are left out. None where there is no folder. */
  read(folder: string): Promise<ReadonlyMap<string, Manifest>>
  /**
   * Hears of changes, where the system tells of them.
   *
   * @param changed gets the path of the file that came or went, when it is that.
   * @returns what ends that.
   */
  watch(folder: string, changed: (moved?: string) => void): () => void
  /**
   * Asks a URL once, for 10 s at most, and follows redirects.
   *
   * @throws Error for connections that fail, as Go says it, and for more than 10 MB.
   */
  get(url: string, headers: ManifestHeaders): Promise<ManifestAnswer>
  /** What a text says. */
  parse(text: string): Manifest
}

/** By name; each value is a line of its own. */
export interface ManifestHeaders {
  readonly [name: string]: readonly string[]
}

export interface ManifestAnswer {
  /** Code and phrase: `200 OK`. */
  readonly status: string
  readonly text: string
}
