import type { Socket } from 'node:net'
import type { Logger } from '#base'
import type { ApiRequest, ApiResponse } from '#client'
import type { Answer } from './answer.ts'
import { send } from './response.ts'
import { answerUpgrade } from './upgrade.ts'

/** Answers a request; at once, if it can. */
export type RequestHandler = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>

/** Brings requests to their handler, and its answers on the wire. */
export interface Responder {
  readonly serve: (request: ApiRequest, answer: Answer) => void
  /** A request to leave HTTP. `rest` is what came behind it. */
  readonly upgrade: (request: ApiRequest, socket: Socket, rest: Buffer) => void
}

export function createResponder(handler: RequestHandler, logger: Logger): Responder {
  const failed = (request: ApiRequest, answer: Answer, error: unknown): void => {
    logger.error('Response failed', { method: request.method, path: request.path, error })
    answer.destroy()
  }
  return {
    serve(request, answer) {
      try {
        const response = handler(request)
        const sent =
          response instanceof Promise ? response.then((settled) => send(settled, answer)) : send(response, answer)
        if (sent instanceof Promise) sent.catch((error: unknown) => failed(request, answer, error))
      } catch (error) {
        failed(request, answer, error)
      }
    },
    upgrade(request, socket, rest) {
      void (async () => answerUpgrade(await handler(request), request, socket, rest))().catch((error: unknown) => {
        logger.error('Upgraded connection failed', { path: request.path, error })
        socket.destroy()
      })
    },
  }
}
