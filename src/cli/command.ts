/** What a command may use of its surroundings. */
export interface Terminal {
  /** One line on standard output. */
  print(line: string): void
  /** One line on standard error. */
  complain(line: string): void
  /** Whether a person watches standard output. */
  readonly isInteractive: boolean
  /** Aborts at the first interrupt (SIGINT, SIGTERM); a second one ends the process at once. */
  readonly signal: AbortSignal
}

/** One command, in a module of its own, so that none pays for another's imports. */
export interface Command {
  /**
   * @param parameters what follows the command's name.
   * @returns the exit status.
   * @throws UserError
   */
  run(parameters: readonly string[], terminal: Terminal): Promise<number>
}

export interface CommandEntry {
  readonly name: string
  readonly summary: string
  /** Headline under which the overview lists it. */
  readonly section: 'Clusters' | 'Machines' | 'Components'
  load(): Promise<Command>
}
