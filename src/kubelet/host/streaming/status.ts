/** What a runtime's streaming server ends a command with: an API Status, of which this much counts. */
interface CommandStatus {
  readonly status?: string
  readonly reason?: string
  readonly message?: string
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] }
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
  if (status !== 'Failure') return bytes
  const exitCode = reason === 'NonZeroExitCode' ? exitCodeOf(ended) : undefined
  return Buffer.from(JSON.stringify(exitCode === undefined ? internalError(message) : exited(exitCode)))
}

const exitCodeOf = ({ details }: CommandStatus): string | undefined =>
  details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message

const exited = (code: string): object => ({
  metadata: {},
  status: 'Failure',
  message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: code }] },
})

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
