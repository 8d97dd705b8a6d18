import type { RuntimeErrorCode } from '#kubelet'

/** gRPC status codes by number. */
export const statusCodes: readonly (RuntimeErrorCode | 'OK')[] = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
]

/** Decodes gRPC's percent-encoding of status messages; what is malformed stays as it came. */
export function decodeStatusMessage(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
