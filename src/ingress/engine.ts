import type { EngineConfiguration } from './haproxy/configuration.ts'

/** What became of a configuration. */
export interface Applied {
  /** Whether it is in force; the one before is when not. */
  readonly done: boolean
  /** Objects whose rules the engine can't work with, and why. */
  readonly refused: ReadonlyMap<string, string>
  /** Ports that can't be had on this machine, and why. */
  readonly closedPorts: ReadonlyMap<number, string>
}

/** The program that passes requests on. */
export interface ProxyEngine {
  /**
   * Brings a configuration into force without a failed request: endpoints are changed in the running program, for
   * everything else a new one takes the listening sockets over. What is refused changes nothing.
   *
   * @throws Error when the program can't be started at all.
   */
  apply(configuration: EngineConfiguration): Promise<Applied>
  /** Calls when the program has ended without being told; the next {@link apply} starts it again. */
  onEnded(handler: () => void): void
  close(): Promise<void>
}
