import { decodeText } from '#machinery'
import { whole } from '../../../proxy/whole.ts'
import type { Services } from '../../../services.ts'

/** What became of looking at a component: `message` is what it said, or why it could not be asked. */
export interface Health {
  readonly healthy: boolean
  readonly message: string
}

const timeoutMs = 20_000
/** More than health says. */
const mostBytes = 64 * 1024

/** Asks a component that listens on this machine, whoever its certificate is from. */
export async function askHealth({ backends, clock }: Services, port: number): Promise<Health> {
  const stop = new AbortController()
  const cancel = clock.timer(timeoutMs, () => stop.abort())
  const url = `https://127.0.0.1:${port}/healthz`
  try {
    const answer = await backends({
      backend: { kind: 'endpoint', scheme: 'https', host: '127.0.0.1', port },
      method: 'GET',
      target: '/healthz',
      headers: { host: `127.0.0.1:${port}`, 'user-agent': 'kube-probe/1.36', accept: '*/*' },
      signal: stop.signal,
    })
    const text = decodeText(await whole(answer.body, mostBytes))
    const healthy = answer.code >= 200 && answer.code < 400
    return { healthy, message: healthy ? text : `HTTP probe failed with statuscode: ${answer.code}` }
  } catch (error) {
    return { healthy: false, message: `Get "${url}": ${(error as Error).message}` }
  } finally {
    cancel()
  }
}
