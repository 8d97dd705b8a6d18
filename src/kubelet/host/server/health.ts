import { oneHealth, wholeHealth } from '#machinery'
import type { Kubelet } from '#kubelet'
import { httpRefusal, sendText, type Exchange } from './exchange.ts'

/** The health of the whole, of each check with `?verbose`, or of the one that the path names. */
export async function serveHealth(kubelet: Kubelet, { query, parameters, response }: Exchange): Promise<void> {
  const [name] = parameters
  const checks = kubelet.health()
  const check = checks.find((each) => each.name === name)
  if (name !== undefined && !check) throw httpRefusal(404, '404 page not found')
  const { health } = kubelet.parts.metrics
  const record = (...result: Parameters<typeof health.record>): void => health.record(...result)
  const { code, text } = check ? oneHealth(check) : wholeHealth(checks, { endpoint: 'healthz', query, record })
  response.setHeader('x-content-type-options', 'nosniff')
  sendText(response, code, text, 'text/plain; charset=utf-8')
}
