import type { Progress } from '#cluster'
import type { Terminal } from '../command.ts'

/** Milliseconds after which whoever watches hears what is waited for. */
const patience = 3000

/**
 * Shows steps as they are done, each with the time since the start of the process, and now and then what is being waited
 * for, until it is disposed of.
 */
export function terminalProgress(
  terminal: Terminal,
  clock: () => number = () => performance.now(),
): Progress & Disposable {
  const open = new Map<symbol, { readonly name: string; readonly from: number }>()
  let lastLine = clock()
  const show = (time: string, text: string): void => {
    lastLine = clock()
    terminal.print(`  ${time.padStart(7)}  ${text}`)
  }
  const remind = setInterval(() => {
    const [oldest] = [...open.values()].sort((a, b) => a.from - b.from)
    if (!oldest || clock() - Math.max(lastLine, oldest.from) < patience) return
    const others = open.size > 1 ? ` and ${open.size - 1} more` : ''
    show('...', `waiting for ${oldest.name}${others} (${Math.round((clock() - oldest.from) / 1000)} s)`)
  }, 1000)
  remind.unref()
  return {
    begin(name) {
      const id = Symbol(name)
      open.set(id, { name, from: clock() })
      return {
        done(detail) {
          open.delete(id)
          show(`${(clock() / 1000).toFixed(2)} s`, detail === undefined ? name : `${name.padEnd(16)} ${detail}`)
        },
        failed: () => void open.delete(id),
      }
    },
    [Symbol.dispose]: () => clearInterval(remind),
  }
}
