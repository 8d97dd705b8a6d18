import type { PodAttachOptions, PodExecOptions, PodPortForwardOptions } from '#api/core/v1'
import { badRequest } from '#machinery'
import { mayNot } from '../authz/refusal.ts'
import type { RequestContext } from '../request/context.ts'
import type { ConnectFunction } from '../resource/resource.ts'
import { connectOptions } from './connect.ts'
import { forwardUpgrade } from './forward.ts'
import { containerOf, kubeletOf, podNamed } from './kubelet.ts'
import { methodNotAllowed } from './log.ts'

/** Answers `pods/exec`: a command in a container. */
export const podExec: ConnectFunction = streams<PodExecOptions>('PodExecOptions', 'exec', (options, query) => {
  streamFlags(options, query)
  for (const word of options.command ?? []) query.append('command', word)
  return options.container ?? ''
})

/** Answers `pods/attach`: the streams of a container's own process. */
export const podAttach: ConnectFunction = streams<PodAttachOptions>('PodAttachOptions', 'attach', (options, query) => {
  streamFlags(options, query)
  return options.container ?? ''
})

/** Answers `pods/portforward`. */
export const podPortForward: ConnectFunction = streams<PodPortForwardOptions>(
  'PodPortForwardOptions',
  'portForward',
  (options, query) => {
    const ports = options.ports ?? []
    if (ports.length > 0) query.append('port', ports.join(','))
    return undefined
  },
)

/**
 * A request that becomes a connection to the kubelet. `ask` puts what the kubelet is to know into the query, and answers the
 * container it is about; `undefined` where it is about the pod.
 */
function streams<T>(
  kind: string,
  verb: string,
  ask: (options: T, query: URLSearchParams) => string | undefined,
): ConnectFunction {
  return async (name, _path, { method }, context) => {
    if (method !== 'GET' && method !== 'POST') throw methodNotAllowed()
    const options = await connectOptions<T>(kind, context)
    await checkCreate(context)
    const query = new URLSearchParams()
    const wanted = ask(options, query)
    const pod = podNamed(name, context)
    const container = wanted === undefined ? undefined : containerOf(pod, wanted)
    const node = pod.spec?.nodeName ?? ''
    if (node === '') throw badRequest(`pod ${name} does not have a host assigned`)
    query.sort()
    const path = [verb, context.info.namespace, name, ...(container === undefined ? [] : [container])].join('/')
    const asked = query.toString()
    const target = asked === '' ? `/${path}` : `/${path}?${asked}`
    return forwardUpgrade({ backend: kubeletOf(node, context.services), target }, context)
  }
}

function streamFlags(
  { stdin, stdout, stderr, tty }: Pick<PodExecOptions, 'stdin' | 'stdout' | 'stderr' | 'tty'>,
  query: URLSearchParams,
): void {
  if (stdin) query.append('input', '1')
  if (stdout) query.append('output', '1')
  if (stderr) query.append('error', '1')
  if (tty) query.append('tty', '1')
}

/** WebSockets begin with GET, and need the right to do what SPDY does with POST. */
async function checkCreate({ info, services, user }: RequestContext): Promise<void> {
  if (info.verb === 'create') return
  const refused = await mayNot(services.authorizer, {
    user,
    verb: 'create',
    isResource: true,
    path: info.path,
    group: info.group,
    version: info.version,
    resource: info.resource,
    subresource: info.subresource,
    namespace: info.namespace,
    name: info.name,
  })
  if (refused) throw refused
}
