import { flagPage, profilePage } from '#machinery'
import type { DebugAnswer, DebugRequest, Profiler } from '#machinery'
import type { NonResourceHandler } from '../chain/routes.ts'
import type { RequestContext } from '../request/context.ts'

/** `/debug/pprof` and `/debug/flags`. */
export function createProfiling(profiler: Profiler): NonResourceHandler {
  return async (context) => {
    const asked = debugRequest(context)
    const answer: DebugAnswer | undefined = (await profilePage(profiler, asked)) ?? (await flagPage(profiler, asked))
    return answer && { kind: 'bytes', ...answer }
  }
}

const debugRequest = ({ info: { path }, query, request: { method, body, signal } }: RequestContext): DebugRequest => ({
  method,
  path,
  query,
  signal,
  body: async (limit) => (body?.kind === 'bytes' ? await body.read(limit) : new Uint8Array()),
})
