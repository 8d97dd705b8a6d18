import { buffer } from 'node:stream/consumers'
import { flagPage, profilePage } from '#machinery'
import type { DebugAnswer, DebugRequest, Profiler } from '#machinery'
import type { Kubelet } from '#kubelet'
import { httpRefusal, Refused, type Exchange } from './exchange.ts'
import type { KubeletServerOptions } from './server.ts'

type Page = (profiler: Profiler, asked: DebugRequest) => Promise<DebugAnswer | undefined>

/** `/debug/pprof`: profiles of the agent. */
export function serveProfiles(_: Kubelet, exchange: Exchange, options?: KubeletServerOptions): Promise<void> {
  if (options?.config.enableProfilingHandler === false) throw httpRefusal(405, 'profiling endpoint is disabled.')
  return servePage(profilePage, `/debug/pprof/${exchange.parameters.join('/')}`, exchange, options)
}

/** `/debug/flags/v`: how much the agent logs from now on. */
export function serveVerbosity(_: Kubelet, exchange: Exchange, options?: KubeletServerOptions): Promise<void> {
  if (options?.config.enableDebugFlagsHandler === false) throw httpRefusal(405, 'flags endpoint is disabled.')
  return servePage(flagPage, '/debug/flags/v', exchange, options)
}

async function servePage(page: Page, path: string, exchange: Exchange, options?: KubeletServerOptions): Promise<void> {
  const { request, response, query } = exchange
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const asked: DebugRequest = {
    method: request.method ?? 'GET',
    path,
    query,
    signal: gone.signal,
    body: async (limit) => (await buffer(request)).subarray(0, limit),
  }
  const answer = options?.profiler && (await page(options.profiler, asked))
  if (!answer) throw new Refused(404, '404: Page Not Found')
  const { code, headers, contentType, bytes } = answer
  response.writeHead(code, { ...headers, 'content-type': contentType, 'content-length': bytes.length })
  response.end(bytes)
}
