import { matchingBlocks } from './matching-blocks.ts'

type Change = 'same' | 'changed'

/** A stretch of lines: `[from, to)` on both sides. */
interface Step {
  readonly change: Change
  readonly a: readonly [from: number, to: number]
  readonly b: readonly [from: number, to: number]
}

const context = 3

/** The difference of two texts in hunks with three lines of context, without a header; empty when there is none. */
export function unifiedDiff(before: string, after: string): string {
  const a = before.split('\n')
  const b = after.split('\n')
  let text = ''
  for (const hunk of hunksOf(stepsOf(a, b))) {
    const first = hunk[0]
    const last = hunk.at(-1)
    if (!first || !last) continue
    text += `@@ -${range(first.a[0], last.a[1])} +${range(first.b[0], last.b[1])} @@\n`
    for (const { change, a: old, b: made } of hunk) {
      if (change === 'same') for (const line of a.slice(...old)) text += ` ${line}\n`
      else {
        for (const line of a.slice(...old)) text += `-${line}\n`
        for (const line of b.slice(...made)) text += `+${line}\n`
      }
    }
  }
  return text
}

function range(from: number, to: number): string {
  const length = to - from
  if (length === 1) return String(from + 1)
  return `${length === 0 ? from : from + 1},${length}`
}

function stepsOf(a: readonly string[], b: readonly string[]): Step[] {
  const steps: Step[] = []
  let i = 0
  let j = 0
  for (const { a: inA, b: inB, size } of matchingBlocks(a, b)) {
    if (i < inA || j < inB) steps.push({ change: 'changed', a: [i, inA], b: [j, inB] })
    i = inA + size
    j = inB + size
    if (size > 0) steps.push({ change: 'same', a: [inA, i], b: [inB, j] })
  }
  return steps
}

/** Cuts out what is the same for longer than the context of two changes. */
function hunksOf(steps: readonly Step[]): Step[][] {
  const trimmed = [...steps]
  const [first] = trimmed
  if (first?.change === 'same') trimmed[0] = tail(first)
  const last = trimmed.at(-1)
  if (last?.change === 'same') trimmed[trimmed.length - 1] = head(last)
  const hunks: Step[][] = []
  let hunk: Step[] = []
  for (const step of trimmed) {
    if (step.change === 'same' && step.a[1] - step.a[0] > 2 * context) {
      hunks.push([...hunk, head(step)])
      hunk = [tail(step)]
    } else hunk.push(step)
  }
  if (hunk.some(({ change }) => change === 'changed')) hunks.push(hunk)
  return hunks.filter((one) => one.some(({ change }) => change === 'changed'))
}

const head = ({ a, b }: Step): Step => ({
  change: 'same',
  a: [a[0], Math.min(a[1], a[0] + context)],
  b: [b[0], Math.min(b[1], b[0] + context)],
})

const tail = ({ a, b }: Step): Step => ({
  change: 'same',
  a: [Math.max(a[0], a[1] - context), a[1]],
  b: [Math.max(b[0], b[1] - context), b[1]],
})
