/** One flag of a command. */
export interface Flag<T> {
  readonly default: T
  /** What it does, for `--help`. */
  readonly help: string
  /** What stands for the value in `--help`; empty for switches, which need none. */
  readonly value: string
  /** One letter. */
  readonly short?: string
  /**
   * Reads a value. `previous` is that of an earlier mention, for flags that add up.
   *
   * @throws Error with the reason, to follow the flag's name.
   */
  parse(text: string, previous: T | undefined): T
  /** A value as one would give it, where that is not its plain text. */
  show?(value: T): string
}

/** The flags of a command by name, with the types of their values. */
export type FlagSet<T> = { readonly [name in keyof T]-?: Flag<T[name]> }
