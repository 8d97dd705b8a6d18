/**
 * A part of the cluster that runs until it is told to stop. `start` resolves when the part has come to rest after the
 * signal aborted, and rejects when it can't go on.
 */
export interface Component {
  readonly name: string
  start(signal: AbortSignal): Promise<void>
}
