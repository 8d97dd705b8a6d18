/** What a runtime's streaming server ends a command with: an API Status, of which this much counts. */
interface CommandStatus {
  readonly status?: string
  readonly reason?: string
  readonly message?: string
}

/**
 * The end of a command as those hear it who speak v5.channel.k8s.io, for whom the kubelet speaks SPDY with the runtime: a
 * failure that is no exit status has become the kubelet's own.
 *
 * @param bytes JSON of the runtime's Status
 */
export function translatedStatus(bytes: Buffer): Buffer {
  let ended: CommandStatus
  try {
    ended = JSON.parse(bytes.toString('utf8')) as CommandStatus
  } catch {
    return bytes
  }
  const { status, reason, message = '' } = ended
  if (status !== 'Failure' || reason === 'NonZeroExitCode') return bytes
  return Buffer.from(JSON.stringify(internalError(message)))
}

/** The Status of what failed here. */
export function internalError(message: string): object {
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  }
}
