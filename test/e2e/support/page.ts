/** A command of a page, and what the page says that it answers. */
export interface PageStep {
  readonly command: string
  /** `...` stands for any lines, and inside of a line for any words. None when the page shows no answer. */
  readonly answer: readonly string[]
}

export interface PageSection {
  readonly title: string
  readonly steps: readonly PageStep[]
}

/**
 * The sections of a Markdown page that have commands: lines that begin with `$ ` in blocks of the language `console`, each
 * followed by its answer. A command that ends in a backslash goes on in the next line.
 */
export function readPage(markdown: string): PageSection[] {
  const sections: { title: string; steps: { command: string; answer: string[] }[] }[] = []
  let isConsole = false
  for (const line of markdown.split('\n')) {
    const title = /^##? (.*)$/.exec(line)?.[1]
    const steps = sections.at(-1)?.steps ?? []
    const step = steps.at(-1)
    if (line.startsWith('```')) isConsole = line === '```console'
    else if (!isConsole && title !== undefined) sections.push({ title, steps: [] })
    else if (isConsole && line.startsWith('$ ')) steps.push({ command: line.slice(2), answer: [] })
    else if (isConsole && step?.command.endsWith('\\')) step.command = `${step.command.slice(0, -1)}${line.trim()}`
    else if (isConsole) step?.answer.push(line)
  }
  return sections.filter(({ steps }) => steps.length > 0)
}

/** Whether an answer is the one that the page shows, addresses, ages and random ends of names apart. */
export function isAnswer(said: string, shown: readonly string[]): boolean {
  if (shown.length === 0) return true
  const lines = said
    .split('\n')
    .filter((line) => !waits.test(line))
    .map(normal)
  const pattern = shown.map(normal).map((line) => (line === '...' ? '(?:.*\n)*?' : `${inLine(line)}\n`))
  return new RegExp(`^${pattern.join('')}\n*$`).test(`${lines.join('\n').trimEnd()}\n`)
}

/** What a program tells while something takes longer than usual. */
const waits = /^ +\.\.\. {2}waiting for .+ \(\d+ s\)$/

const inLine = (line: string): string =>
  line
    .split('...')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join('.*')

/** A line without what differs from run to run. */
function normal(line: string): string {
  return line
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, 'ADDRESS')
    .replace(/-[0-9a-f]{6,10}(?:-[0-9a-z]{5})?\b/g, '-ID')
    .replace(/(?<![\w.])(?:\d+[dhms])+(?![\w.])/g, 'AGE')
    .replace(/\d+\.\d\d s\b/g, 'AGE')
    .replace(/\s+/g, ' ')
    .trim()
}
