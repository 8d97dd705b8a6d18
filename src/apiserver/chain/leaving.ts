import { addAbortListener, removeAbortListener } from '#base'
import type { ApiRequest, ApiResponse } from '#client'
import { override } from '../audit/response.ts'
import type { Admitted } from '../flowcontrol/flow-control.ts'

type Answer = ApiResponse | Promise<ApiResponse>

/** Leaves flow control when the answer is there; in the case of a watch, when it told what there is. */
export function leaving(admission: Admitted, request: ApiRequest, serve: () => Answer): Answer {
  const left = (response: ApiResponse): ApiResponse => {
    if (response.kind === 'watch') return leavingAtStart(response, admission, request.signal)
    admission.leave()
    return response
  }
  const failed = (error: unknown): never => {
    admission.leave()
    throw error
  }
  try {
    const answer = serve()
    return answer instanceof Promise ? answer.then(left, failed) : left(answer)
  } catch (error) {
    return failed(error)
  }
}

/** A watch is work until it has told what there is. */
function leavingAtStart(
  response: Extract<ApiResponse, { kind: 'watch' }>,
  admission: Admitted,
  signal: AbortSignal,
): ApiResponse {
  const leave = (): void => admission.leave()
  addAbortListener(signal, leave)
  return override(response, {
    start(...[sink]: Parameters<typeof response.start>) {
      try {
        return response.start(sink)
      } finally {
        removeAbortListener(signal, leave)
        leave()
      }
    },
  })
}
