/** How a program is started that knows credentials. */
export interface ProgramRun {
  /** Its file in the folder of such programs. */
  readonly name: string
  readonly args: readonly string[]
  /** Besides, and before, the agent's own environment. */
  readonly env: readonly { readonly name: string; readonly value: string }[]
  /** What it reads. */
  readonly input: string
  /** Milliseconds after which it is killed. */
  readonly timeoutMs: number
}

/**
 * Runs a program to its end and resolves with what it wrote to its output.
 *
 * @throws Error that says how it failed, with what it wrote to its error output.
 */
export type RunProgram = (run: ProgramRun) => Promise<string>
