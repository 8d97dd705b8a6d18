import type { Flag, FlagSet } from './flag.ts'

const width = 100

/** The page that `--help` shows. */
export function helpPage<T extends object>(usage: string, about: string, flags: FlagSet<T>): string {
  return [`Usage: k8ts ${usage}`, wrap(about, width).join('\n'), `Flags:\n${describeFlags(flags)}`].join('\n\n')
}

/** The flags of a command, one after the other, with type, default and what they do. */
export function describeFlags<T extends object>(flags: FlagSet<T>): string {
  const rows = Object.entries(flags as FlagSet<{ [name: string]: unknown }>).map(([name, flag]) => {
    const short = flag.short === undefined ? '    ' : `-${flag.short}, `
    const head = `  ${short}--${name}${flag.value === '' ? '' : ` ${flag.value}`}`
    return [head, `${flag.help}${defaultOf(flag)}`] as const
  })
  const indent = Math.min(40, Math.max(...rows.map(([head]) => head.length))) + 3
  return rows
    .map(([head, text]) => {
      const lines = wrap(text, width - indent)
      const first = head.length < indent - 1 ? head.padEnd(indent) : `${head}\n${' '.repeat(indent)}`
      return first + lines.join(`\n${' '.repeat(indent)}`)
    })
    .join('\n')
}

function defaultOf(flag: Flag<unknown>): string {
  const { default: value } = flag
  if (value === undefined || value === '' || value === false) return ''
  if (flag.show) return ` (default ${flag.show(value)})`
  if (Array.isArray(value)) return value.length === 0 ? '' : ` (default ${value.join(',')})`
  if (typeof value === 'string') return ` (default ${value})`
  if (typeof value !== 'object' || value === null) return ` (default ${JSON.stringify(value)})`
  return ''
}

/** Lines of at most `most` characters, broken at spaces. */
function wrap(text: string, most: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
