import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Upstream's programs: from a folder, and what is not there from the path. */
export class Binaries {
  readonly #folders: readonly string[]

  constructor(folder: string) {
    this.#folders = [folder, ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  }

  /** @throws Error when it is nowhere. */
  find(name: string): string {
    for (const folder of this.#folders) {
      const path = join(folder, name)
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // Perhaps in the next.
      }
    }
    throw new Error(`there is no ${name} in ${this.#folders[0]}, nor in the path`)
  }
}
