import type { KubeObject, Status } from '#machinery'
import type { Answer, TestServer } from '../server.ts'

/** A template of pods with the label `app: a`. */
export const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [{ name: 'c', image: 'nginx' }] },
}

export const selector = { matchLabels: { app: 'a' } }

const mergePatch = { 'content-type': 'application/merge-patch+json' }

export async function patch(server: TestServer, url: string, body: unknown): Promise<Answer> {
  return server.request('PATCH', url, body, mergePatch)
}

/** The object of an answer that must be good. */
export function good<T extends KubeObject>({ code, body }: Answer): T {
  if (code >= 300) throw new Error((body as Status).message)
  return body as T
}

/** What an answer says against the object: `field: message`, in order. */
export const refusals = ({ body }: Answer): readonly string[] =>
  ((body as Status).details?.causes ?? []).map(({ field, message }) => `${field ?? ''}: ${message ?? ''}`)

export const message = ({ body }: Answer): string => (body as Status).message ?? ''

const asTable = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }

/** The names of the columns and the cells of every row of a list. */
export async function table(server: TestServer, url: string): Promise<readonly (readonly unknown[])[]> {
  const { body } = await server.request('GET', url, undefined, asTable)
  const { columnDefinitions, rows } = body as {
    readonly columnDefinitions: readonly { readonly name: string }[]
    readonly rows: readonly { readonly cells: readonly unknown[] }[]
  }
  return [columnDefinitions.map(({ name }) => name), ...rows.map(({ cells }) => cells)]
}
