import { accessSync, constants, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { cachedDataVersionTag } from 'node:v8'
import { crc32 } from 'node:zlib'

const checksumBytes = 4

/**
 * What the engine compiled of a script: a file beside it, so that who can't change the program can't change that either. The
 * engine trusts what it holds: its name tells by which Node, with which flags, and it ends with a checksum.
 */
export class CodeCache {
  readonly #file: string

  constructor(script: string) {
    const { version, arch } = process
    this.#file = `${script}.${version}-${arch}-${cachedDataVersionTag().toString(16)}.cache`
  }

  /** @returns nothing where there is none, or none that is whole. */
  read(): Buffer | undefined {
    let bytes: Buffer
    try {
      bytes = readFileSync(this.#file)
    } catch {
      return undefined
    }
    const end = bytes.length - checksumBytes
    if (end <= 0) return undefined
    const code = bytes.subarray(0, end)
    return crc32(code) === bytes.readUInt32LE(end) ? code : undefined
  }

  /** Keeps what is made, where the folder can be written: a start without it is slower, and that is all. */
  write(make: () => Buffer): void {
    if (!isWritable(dirname(this.#file))) return
    const unfinished = `${this.#file}.new`
    try {
      const code = make()
      const checksum = Buffer.alloc(checksumBytes)
      checksum.writeUInt32LE(crc32(code))
      writeFileSync(unfinished, Buffer.concat([code, checksum]))
      renameSync(unfinished, this.#file)
    } catch {
      rmSync(unfinished, { force: true })
    }
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
