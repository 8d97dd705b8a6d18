import type { Pod } from '#api/core/v1'
import type { Status } from '#api/meta/v1'
import { startTestServer } from '../server.ts'
import type { Answer, TestServer } from '../server.ts'

export const podsUrl = '/api/v1/namespaces/default/pods'
export const merge = { 'content-type': 'application/merge-patch+json' }
export const strategic = { 'content-type': 'application/strategic-merge-patch+json' }

/** A pod as small as it gets, with more of a spec. */
export const pod = (name: string, spec: object = {}, metadata: object = {}): object => ({
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'c', image: 'i:1' }], ...spec },
})

/** A server with pods in it. */
export async function serverWith(...pods: readonly object[]): Promise<TestServer> {
  const server = await startTestServer()
  for (const one of pods) {
    const { code, body } = await server.request('POST', podsUrl, one)
    if (code !== 201) throw new Error(`create pod: ${JSON.stringify(body)}`)
  }
  return server
}

export const podOf = ({ body }: Answer): Pod => body as Pod
export const statusOf = ({ body }: Answer): Status => body as Status

/** What was refused, and why: field and message of each cause. */
export function causesOf(answer: Answer): string[] {
  return (statusOf(answer).details?.causes ?? []).map(({ field = '', message = '' }) => `${field}: ${message}`)
}
