/** One file or folder of an archive. */
export interface TarEntry {
  /** Path without a leading slash, at most 100 bytes; that of a folder ends with one. */
  readonly name: string
  /** Nothing of a folder. */
  readonly content: Uint8Array
  /** Permission bits; 0644 of files and 0755 of folders when absent. */
  readonly mode?: number
}

/** An archive in ustar format, with the owner root and times of 1970, so that equal content gives equal bytes. */
export function tar(entries: readonly TarEntry[]): Buffer {
  const blocks: Uint8Array[] = []
  for (const entry of entries) {
    blocks.push(headerOf(entry), entry.content)
    const rest = entry.content.length % 512
    if (rest > 0) blocks.push(Buffer.alloc(512 - rest))
  }
  blocks.push(Buffer.alloc(1024))
  return Buffer.concat(blocks)
}

function headerOf({ name, content, mode }: TarEntry): Buffer {
  const isFolder = name.endsWith('/')
  if (Buffer.byteLength(name) > 100)
    throw new RangeError(`write archive: name ${JSON.stringify(name)} has more than 100 bytes`)
  const header = Buffer.alloc(512)
  const octal = (value: number, at: number, length: number): void => {
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
  }
  header.write(name, 0)
  octal(mode ?? (isFolder ? 0o755 : 0o644), 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(content.length, 124, 12)
  octal(0, 136, 12)
  header.fill(' ', 148, 156)
  header.write(isFolder ? '5' : '0', 156)
  header.write('ustar\x0000', 257, 'latin1')
  let sum = 0
  for (const byte of header) sum += byte
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}
