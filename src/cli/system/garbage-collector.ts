import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 mark what lives beside the program. The task by which V8 goes on with marking ends it as soon as the main thread
 * has nothing left to mark, though other threads still do: what is left, nearly everything, is then marked while the program
 * stands still, 0.3 seconds for 500 MB. Without that task marking goes on as memory is allocated, and ends when it is over
 * in all threads; the program stands still for milliseconds.
 *
 * Holds for V8 11 (Node 20). Later ones know the flag, and end marking in another way.
 */
export function markBesideProgram(): void {
  setFlagsFromString('--no-incremental-marking-task')
}
