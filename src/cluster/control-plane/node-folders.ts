import type { Transport, UserInfo } from '#client'
import type { NodeFolders } from '#controllers'

/**
 * Folders on nodes by way of their kubelets, which the API server is asked to reach.
 *
 * @param user needs `update` and `delete` of `nodes/proxy`.
 */
export function nodeFolders(handle: Transport, user: UserInfo): NodeFolders {
  const ask = async (method: 'PUT' | 'DELETE', node: string, name: string): Promise<string> => {
    const path = `/api/v1/nodes/${node}/proxy/localVolumes/${name}`
    const headers = { accept: 'application/json', 'user-agent': 'kube-controller-manager' }
    const signal = AbortSignal.timeout(answerMs)
    const response = await handle({ method, path, query: '', headers, user, signal })
    if (response.kind === 'upgrade') throw new Error(`node ${JSON.stringify(node)} leaves HTTP`)
    const text = await textOf(response)
    if (response.code !== 200) throw new Error(`node ${JSON.stringify(node)} answers ${response.code}: ${text.trim()}`)
    return text
  }
  return {
    make: (node, name) => ask('PUT', node, name),
    async remove(node, name) {
      await ask('DELETE', node, name)
    },
  }
}

/** Milliseconds; large volumes take a while to be removed. */
const answerMs = 60_000

async function textOf(response: Awaited<ReturnType<Transport>>): Promise<string> {
  const decoder = new TextDecoder()
  if (response.kind === 'bytes') return decoder.decode(response.bytes)
  if (response.kind === 'object') return decoder.decode(response.encode().bytes)
  if (response.kind !== 'stream') throw new Error(`an answer of kind ${response.kind} was not expected`)
  let text = ''
  for await (const piece of response.body) text += decoder.decode(piece, { stream: true })
  return text
}
