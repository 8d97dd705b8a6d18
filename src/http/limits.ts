/** A watcher whose connection holds more than this many unsent bytes does not read; it is dropped. */
export const watchBacklogLimit: number = 4 * 1024 * 1024
