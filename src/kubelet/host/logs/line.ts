/** One line of a container's log as the runtime writes it: `<time> <stream> <tags> <content>`. */
export interface LogLine {
  /** RFC 3339 with nanoseconds, as written. */
  readonly time: string
  readonly stream: 'stdout' | 'stderr'
  /** The line goes on with the next one. */
  readonly partial: boolean
  readonly content: Buffer
}

const space = 0x20
const newline = 0x0a

/** Reads one line, without its end; `undefined` for what is no log line. */
export function parseLogLine(line: Buffer): LogLine | undefined {
  const first = line.indexOf(space)
  const second = line.indexOf(space, first + 1)
  if (first < 0 || second < 0) return undefined
  const third = line.indexOf(space, second + 1)
  const tagsEnd = third < 0 ? line.length : third
  const stream = line.toString('latin1', first + 1, second)
  if (stream !== 'stdout' && stream !== 'stderr') return undefined
  return {
    time: line.toString('latin1', 0, first),
    stream,
    partial: line[second + 1] === 0x50 && (tagsEnd === second + 2 || line[second + 2] === 0x3a),
    content: third < 0 ? Buffer.alloc(0) : line.subarray(third + 1),
  }
}

/** Splits a buffer into its whole lines; what follows the last end is the rest. */
export function splitLines(buffer: Buffer): { readonly lines: Buffer[]; readonly rest: Buffer } {
  const lines: Buffer[] = []
  let from = 0
  for (let at = buffer.indexOf(newline); at >= 0; at = buffer.indexOf(newline, from)) {
    lines.push(buffer.subarray(from, at))
    from = at + 1
  }
  return { lines, rest: buffer.subarray(from) }
}
