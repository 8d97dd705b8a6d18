import { inflateRawSync } from 'node:zlib'

/** Content of a file in a zip archive. @throws Error when the archive has no such file. */
export function unzip(archive: Buffer, name: string): Buffer {
  // The end record is at least 22 bytes long and may be followed by a comment.
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'))
  const count = archive.readUInt16LE(end + 10)
  let at = archive.readUInt32LE(end + 16)
  for (let i = 0; i < count; i++) {
    const method = archive.readUInt16LE(at + 10)
    const size = archive.readUInt32LE(at + 20)
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset))
    const header = archive.readUInt32LE(at + 42)
    const found = archive.toString('utf8', at + 46, at + 46 + (nameLength ?? 0))
    if (found === name) {
      const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28)
      const content = archive.subarray(start, start + size)
      return method === 0 ? content : inflateRawSync(content)
    }
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0)
  }
  throw new Error(`unzip: there is no file "${name}"`)
}
