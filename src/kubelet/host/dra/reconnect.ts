import type { GrpcChannel } from '#grpc'

/** Milliseconds until a socket that does not listen is tried again: longer each time. */
const firstRetryMs = 1000
const lastRetryMs = 10_000
const growth = 1.6

export interface KeptConnection {
  readonly channel: GrpcChannel
  close(): void
}

/**
 * Connects a channel now and whenever its connection is lost.
 *
 * @param open makes the channel; it is to call `lost` each time a connection ends.
 */
export function keepConnected(open: (lost: () => void) => GrpcChannel): KeptConnection {
  let isClosed = false
  let retryMs = firstRetryMs
  let retry: NodeJS.Timeout | undefined
  const dial = (): void => {
    clearTimeout(retry)
    if (isClosed) return
    channel.connect().then(
      () => (retryMs = firstRetryMs),
      () => {
        clearTimeout(retry)
        if (isClosed) return
        retry = setTimeout(dial, retryMs).unref()
        retryMs = Math.min(lastRetryMs, retryMs * growth)
      },
    )
  }
  // Not within the end of the connection, whose channel still has it.
  const channel = open(() => void setImmediate(dial))
  dial()
  return {
    channel,
    close() {
      isClosed = true
      clearTimeout(retry)
      channel.close()
    },
  }
}
