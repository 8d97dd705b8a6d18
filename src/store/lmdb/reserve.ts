import { open, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** By how much the file grows beyond what is needed, at least and at most; less on a disk that is nearly full. */
const smallestStep = 1 << 20
const largestStep = 16 << 20

const zeros = new Uint8Array(256 << 10)

/**
 * Makes sure that a commit finds room on the disk before it begins: the native library does not survive a write that
 * fails. The data file has written zeros beyond its last page, and the commit goes there.
 */
export class Reserve {
  readonly #path: string
  /** Where the pages in use end, asked for only when it matters: in bytes. */
  readonly #usedBytes: () => number
  /** At least this many bytes are there beyond the pages in use. */
  #bytes = 0
  /** The file is at least so long: nobody makes it shorter but us. */
  #size = 0

  constructor(directory: string, usedBytes: () => number) {
    this.#path = join(directory, 'data.mdb')
    this.#usedBytes = usedBytes
  }

  /**
   * Takes `bytes` out of the reserve and leaves `spare`; until the next call, a commit may write as much.
   * @throws when the disk is full
   */
  async take(bytes: number, spare: number): Promise<void> {
    const needed = bytes + spare
    // Commits are thought to take more than they do: most times there is enough left after all.
    if (this.#bytes < needed) this.#bytes = this.#size - this.#usedBytes()
    if (this.#bytes < needed) this.#bytes = await this.#grow(needed)
    this.#bytes -= bytes
  }

  async #grow(bytes: number): Promise<number> {
    const used = this.#usedBytes()
    const file = await open(this.#path, 'r+')
    try {
      const { size } = await file.stat()
      this.#size = size
      if (size - used >= bytes) return size - used
      const needed = used + bytes
      const { bavail, bsize } = await statfs(this.#path)
      const step = Math.min(Math.max(size >> 2, smallestStep), largestStep, Math.floor((bavail * bsize) / 16))
      let end = size
      try {
        while (end < needed + step) {
          // A disk that is nearly full takes a part, and refuses the next.
          end += (await file.write(zeros, 0, Math.min(zeros.length, needed + step - end), end)).bytesWritten
        }
      } catch (error) {
        if (end < needed) {
          // What is not enough here may be enough for others.
          await file.truncate(size)
          throw error
        }
      }
      this.#size = end
      return end - used
    } finally {
      await file.close()
    }
  }
}
