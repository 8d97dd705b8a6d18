/** A watcher whose connection holds more than this many unsent bytes does not read; it is dropped. */
export const watchBacklogLimit: number = 4 * 1024 * 1024

/** Of what is there already, this many unsent bytes are enough; a watcher that takes none of them for a while is dropped. */
export const watchAheadLimit: number = 256 * 1024
export const watchStallMs = 60_000
