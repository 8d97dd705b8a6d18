import { request as httpRequest } from 'node:http'
import type { Agent, IncomingMessage, RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Seen } from './rig.ts'

/** Milliseconds in which an answer has come, however busy the machine is: none at all is told, and not waited for. */
export const patienceMs = 20_000

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Asked extends Omit<RequestOptions, 'headers'> {
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string | Buffer
  readonly tls?: boolean
  /** Authority that is trusted. */
  readonly ca?: string
  readonly servername?: string
  readonly rejectUnauthorized?: boolean
  readonly agent?: Agent
}

/** Asks 127.0.0.1 as if it were the host. */
export function ask(port: number, host: string, path: string, options: Asked = {}): Promise<Answer> {
  const { body, tls = false, headers, ...rest } = options
  return new Promise((resolve, reject) => {
    const request = (tls ? httpsRequest : httpRequest)(
      { host: '127.0.0.1', port, path, headers: { host, ...headers }, servername: host, ...rest },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    request.setTimeout(patienceMs, () => request.destroy(new Error(`no answer in ${patienceMs} ms`)))
    request.on('error', reject)
    request.end(body)
  })
}

/** What the server saw that answered. */
export const seenBy = ({ body }: Answer): Seen => JSON.parse(body) as Seen

/** The server that answers, or the status of an answer by none. */
export async function answering(port: number, host: string, path: string, options: Asked = {}): Promise<string> {
  const answer = await ask(port, host, path, options).catch((error: Error) => error)
  if (answer instanceof Error) return answer.message
  return (answer.headers['x-server'] as string | undefined) ?? String(answer.status)
}

/** Asks until the answer is this; how long that takes is not the point. */
export async function until(what: () => Promise<unknown>, wanted: unknown): Promise<void> {
  const end = Date.now() + 60_000
  for (;;) {
    const got = await what()
    if (got === wanted) return
    if (Date.now() > end) throw new Error(`waiting for ${String(wanted)}: still ${String(got)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
