import type { KmsService } from '#apiserver'
import { GrpcChannel, GrpcError, message } from '#grpc'
import type { Method } from '#grpc'

const annotations = message({ key: [1, 'string'], value: [2, 'bytes'] })

const method = (name: string, request: Parameters<typeof message>[0], response: typeof request): Method => ({
  path: `/v2.KeyManagementService/${name}`,
  request: message(request),
  response: message(response),
})

/** The KMS API, version v2. */
const methods = {
  status: method('Status', {}, { version: [1, 'string'], healthz: [2, 'string'], keyId: [3, 'string'] }),
  encrypt: method(
    'Encrypt',
    { plaintext: [1, 'bytes'], uid: [2, 'string'] },
    { ciphertext: [1, 'bytes'], keyId: [2, 'string'], annotations: [3, annotations, 'repeated'] },
  ),
  decrypt: method(
    'Decrypt',
    {
      ciphertext: [1, 'bytes'],
      uid: [2, 'string'],
      keyId: [3, 'string'],
      annotations: [4, annotations, 'repeated'],
    },
    { plaintext: [1, 'bytes'] },
  ),
}

interface Annotation {
  readonly key: string
  readonly value: Uint8Array
}

const pauseMs = 100

/** The KMS plugin at `unix:///path`. Calls wait for it to listen, and end after `timeoutMs` milliseconds. */
export function kmsClient(endpoint: string, timeoutMs: number): KmsService {
  const channel = new GrpcChannel(endpoint)
  let isClosed = false
  const call = async <T>(called: Method, request: object): Promise<T> => {
    const deadline = performance.now() + timeoutMs
    let unreachable: GrpcError | undefined
    for (;;) {
      const restMs = deadline - performance.now()
      if (restMs <= 0) throw late(endpoint, unreachable)
      try {
        return await channel.unary<T>(called, request, { timeoutMs: restMs })
      } catch (error) {
        if (isClosed || !isUnreachable(error)) throw error
        unreachable = error
      }
      await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, restMs)))
    }
  }
  return {
    status: () => call(methods.status, {}),
    async encrypt(uid, plaintext) {
      const answer = await call<{ ciphertext: Uint8Array; keyId: string; annotations?: readonly Annotation[] }>(
        methods.encrypt,
        { plaintext, uid },
      )
      const entries = (answer.annotations ?? []).map(({ key, value }) => [key, copy(value)] as const)
      return { ciphertext: copy(answer.ciphertext), keyId: answer.keyId, annotations: new Map(entries) }
    },
    async decrypt(uid, key) {
      const entries = [...key.annotations].map(([name, value]) => ({ key: name, value }))
      const { plaintext } = await call<{ plaintext: Uint8Array }>(methods.decrypt, {
        ciphertext: key.ciphertext,
        uid,
        keyId: key.keyId,
        annotations: entries,
      })
      return copy(plaintext)
    },
    close() {
      isClosed = true
      channel.close()
    },
  }
}

/** What is kept is not to keep the whole answer. */
function copy(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes)
}

/** Nobody listens there, or not any more: the call did not reach anybody. */
function isUnreachable(error: unknown): error is GrpcError {
  return error instanceof GrpcError && dialProblem(error) !== undefined
}

/** Why the socket could not be dialled, by the first cause that tells. */
function dialProblem(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const reason = reasons[(cause as NodeJS.ErrnoException).code ?? '']
    if (reason !== undefined) return reason
  }
  return undefined
}

const reasons: { readonly [code: string]: string } = {
  ENOENT: 'no such file or directory',
  ECONNREFUSED: 'connection refused',
}

/** Time is up; if it went by with dialling, that is told. */
function late(endpoint: string, unreachable: GrpcError | undefined): GrpcError {
  if (!unreachable) return new GrpcError('DeadlineExceeded', 'context deadline exceeded')
  const path = new URL(endpoint).pathname
  const dial = `transport: Error while dialing: dial unix ${path}: connect: ${dialProblem(unreachable)}`
  return new GrpcError('DeadlineExceeded', `latest balancer error: connection error: desc = "${dial}"`)
}
