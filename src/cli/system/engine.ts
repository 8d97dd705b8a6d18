import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 mark what lives beside the program. The task by which V8 goes on with marking ends it as soon as the main thread
 * has nothing left to mark, though other threads still do: what is left, nearly everything, is then marked while the program
 * stands still, 0.3 seconds for 500 MB. Without that task marking goes on as memory is allocated, and ends when it is over
 * in all threads; the program stands still for milliseconds.
 *
 * Holds for V8 11 (Node 20). Later ones know the flag, and end marking in another way.
 */
function markBesideProgram(): void {
  setFlagsFromString('--no-incremental-marking-task')
}

/** Bytes of bytecode that functions run, in V8 11 (Node 20), before it looks whether to optimize them. */
const usualBudget = 67_584

/** Commands that work in bursts alone: nodes' agents, which have nothing to do until pods come, and then at once. */
const bursting = new Set(['agent', 'kubelet'])

/**
 * Has V8 optimize what runs for long, not what has run for less than a millisecond, because that takes several: of a program
 * as large as this, whose parts run now and then, a sixth of the processor time of a cluster's first hundred pods, while these
 * wait for the processor, and with 16 times the budget more than a quarter; a busy API server then takes a tenth longer for
 * its writes. Later versions than V8 11 count otherwise.
 */
function optimizeLate(command: string | undefined): void {
  if (!process.versions.v8.startsWith('11.')) return
  const times = command !== undefined && bursting.has(command) ? 16 : 4
  setFlagsFromString(`--interrupt-budget=${times * usualBudget}`)
}

/** Has V8 suit this program. @param command the command that is run. */
export function tuneEngine(command: string | undefined): void {
  markBesideProgram()
  optimizeLate(command)
}
