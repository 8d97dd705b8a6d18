import { open, type FileHandle } from 'node:fs/promises'
import { parseLogLine, splitLines } from './line.ts'

const block = 4096
const newline = 0x0a

/** Offset at which the last `count` lines of a file begin. */
export async function tailOffset(file: FileHandle, count: number): Promise<number> {
  const { size } = await file.stat()
  if (count < 0) return 0
  if (count === 0) return size
  const buffer = Buffer.alloc(block)
  let found = 0
  for (let end = size; end > 0; end -= block) {
    const start = Math.max(0, end - block)
    const { bytesRead } = await file.read(buffer, 0, end - start, start)
    for (let at = bytesRead - 1; at >= 0; at--) {
      if (buffer[at] !== newline) continue
      // The end of the last line is no beginning of another.
      if (start + at === size - 1) continue
      found++
      if (found === count) return start + at + 1
    }
  }
  return 0
}

/** The content of the last lines of a container's log, cut from the front. */
export async function readLogTail(path: string, mostLines: number, mostBytes: number): Promise<string> {
  const file = await open(path)
  try {
    const offset = await tailOffset(file, mostLines)
    const { size } = await file.stat()
    const buffer = Buffer.alloc(size - offset)
    await file.read(buffer, 0, buffer.length, offset)
    const parts: Buffer[] = []
    for (const line of splitLines(buffer).lines) {
      const parsed = parseLogLine(line)
      if (!parsed) continue
      parts.push(parsed.content)
      if (!parsed.partial) parts.push(Buffer.from([newline]))
    }
    const all = Buffer.concat(parts)
    return all.subarray(Math.max(0, all.length - mostBytes)).toString('utf8')
  } finally {
    await file.close()
  }
}
