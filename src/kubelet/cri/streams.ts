import type { Method } from '#grpc'
import type { ContainerRuntime, ExecResult } from '#kubelet'
import type { Call } from './call.ts'
import { methods } from './messages.ts'

type StreamCalls = Pick<ContainerRuntime, 'attach' | 'exec' | 'execSync' | 'portForward'>

/** What a runtime lets in to containers: a command to its end, or an address at which to speak with it. */
export function streamCalls(call: Call, requestTimeoutMs: number): StreamCalls {
  const addressBy = async (method: Method, request: object): Promise<string> =>
    (await call<{ url: string }>(method, request)).url
  return {
    execSync: (id, command, timeoutSeconds) =>
      call<ExecResult>(
        methods.execSync,
        { containerId: id, command, timeout: timeoutSeconds },
        timeoutSeconds === 0 ? Infinity : requestTimeoutMs + timeoutSeconds * 1000,
      ),
    exec: (request) => addressBy(methods.exec, request),
    attach: (request) => addressBy(methods.attach, request),
    portForward: (sandboxId, ports) => addressBy(methods.portForward, { podSandboxId: sandboxId, port: ports }),
  }
}
