import { addAbortListener, removeAbortListener } from '#base'
import type { ContainerStatus, Pod, PodStatus } from '#api/core/v1'
import { quote } from '#machinery'
import type { Kubelet } from '#kubelet'
import { readLog, type LogOptions } from '../logs/read.ts'
import { Refused, type Exchange } from './exchange.ts'

/** GET /containerLogs/{namespace}/{pod}/{container} */
export async function serveContainerLogs(kubelet: Kubelet, { query, parameters, response }: Exchange): Promise<void> {
  const [namespace = '', podName = '', containerName = ''] = parameters
  const options = logOptions(query)
  const pod = kubelet.workers.byName(namespace, podName)
  if (!pod) throw new Refused(404, `pod ${quote(podName)} does not exist`)
  if (!hasContainer(pod, containerName)) {
    throw new Refused(404, `container ${quote(containerName)} not found in pod ${quote(podName)}`)
  }
  const { runtime, statuses } = kubelet.parts
  const status = statuses.get(pod.metadata.uid ?? '') ?? pod.status ?? {}
  const id = logContainer(podName, status, containerName, query.get('previous') === 'true')
  const found = await runtime.containerStatus(id)
  if (!found) throw new Refused(400, `unable to retrieve container logs for ${kubelet.parts.runtimeName()}://${id}`)
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const source = {
    path: found.logPath,
    isRunning: async () => (await runtime.containerStatus(id).catch(() => found))?.state === 'running',
    signal: gone.signal,
  }
  response.setHeader('content-type', 'text/plain')
  const pieces = readLog(source, options)
  // What can't be read shows before the answer has begun.
  const first = options.follow ? undefined : await pieces.next().catch((error: Error) => refuseWith(error))
  response.writeHead(200)
  response.flushHeaders()
  if (first && !first.done) response.write(first.value)
  if (!first?.done) {
    for await (const piece of pieces) {
      if (!response.write(piece)) await drained(response, gone.signal)
    }
  }
  response.end()
}

function refuseWith(error: Error): never {
  throw new Refused(400, error.message)
}

function drained(response: Exchange['response'], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle)
      removeAbortListener(signal, settle)
      resolve()
    }
    response.once('drain', settle)
    addAbortListener(signal, settle)
  })
}

/** Whether a pod has a container of any kind by a name. */
export function hasContainer(pod: Pod, name: string): boolean {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec
  return [...containers, ...initContainers, ...ephemeralContainers].some((container) => container.name === name)
}

const unprocessable = '{"message": "Invalid request."}'
const undecodable = '{"message": "Unable to decode query."}'

/** @throws Refused for what is no log option. */
function logOptions(query: URLSearchParams): LogOptions {
  const number = (name: string, least: number): number | undefined => {
    const text = query.get(name)
    if (text === null || text === '') return undefined
    if (!/^-?\d+$/.test(text)) throw new Refused(400, undecodable)
    const value = Number(text)
    if (value < least) throw new Refused(422, unprocessable)
    return value
  }
  const flag = (name: string): boolean => {
    const text = query.get(name)
    return text !== null && !['false', '0', 'f', 'F', 'FALSE', 'False'].includes(text)
  }
  const tail = query.get('tail')
  if (tail !== null && tail !== '') {
    if (tail === 'all') query.delete('tailLines')
    else query.set('tailLines', tail)
  }
  const sinceSeconds = number('sinceSeconds', 1)
  const sinceTime = query.get('sinceTime')
  if (sinceSeconds !== undefined && sinceTime) throw new Refused(422, unprocessable)
  const since = sinceTime
    ? Date.parse(sinceTime)
    : sinceSeconds === undefined
      ? undefined
      : Date.now() - sinceSeconds * 1000
  if (since !== undefined && Number.isNaN(since)) throw new Refused(400, undecodable)
  const stream = query.get('stream')
  if (stream !== null && !['', 'All', 'Stdout', 'Stderr'].includes(stream)) {
    throw new Refused(422, unprocessable)
  }
  const tailLines = number('tailLines', 0)
  const limitBytes = number('limitBytes', 1)
  return {
    follow: flag('follow'),
    timestamps: flag('timestamps'),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(since === undefined ? {} : { since }),
    ...(stream === 'Stdout' ? { stream: 'stdout' } : stream === 'Stderr' ? { stream: 'stderr' } : {}),
  }
}

/** Id of the container whose log is wanted. @throws Refused with the message users see. */
function logContainer(podName: string, status: PodStatus, name: string, previous: boolean): string {
  const lists = [status.containerStatuses, status.initContainerStatuses, status.ephemeralContainerStatuses]
  const found = lists.flatMap((list) => list ?? []).find((container) => container.name === name)
  const what = `container ${quote(name)} in pod ${quote(podName)}`
  if (!found) throw new Refused(400, `${what} is not available`)
  const id = previous ? previousId(found, what) : presentId(found, what)
  return id.slice(id.indexOf('://') + 3)
}

function previousId({ lastState }: ContainerStatus, what: string): string {
  const id = lastState?.terminated?.containerID ?? ''
  if (id === '') throw new Refused(400, `previous terminated ${what} not found`)
  return id
}

function presentId({ state, lastState, containerID = '' }: ContainerStatus, what: string): string {
  if (state?.running) return containerID
  const ended = [state?.terminated?.containerID ?? '', lastState?.terminated?.containerID ?? ''].find((id) => id !== '')
  if (ended !== undefined) return ended
  if (state?.terminated ?? lastState?.terminated) throw new Refused(400, `${what} is terminated`)
  const reason = state?.waiting?.reason
  if (!state?.waiting) throw new Refused(400, `${what} is waiting to start - no logs yet`)
  if (reason === 'ErrImagePull') throw new Refused(400, `${what} is waiting to start: image can't be pulled`)
  if (reason === 'ImagePullBackOff') {
    throw new Refused(400, `${what} is waiting to start: trying and failing to pull image`)
  }
  throw new Refused(400, `${what} is waiting to start: ${reason ?? ''}`)
}
