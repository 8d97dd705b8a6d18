import { hasRuntimeCode, type RuntimeEvent } from '#kubelet'
import { frameHeader, type GrpcChannel } from './grpc/channel.ts'
import { methods } from './messages.ts'
import { decode } from './wire/decode.ts'
import { encode } from './wire/encode.ts'
import { message } from './wire/message.ts'

/**
 * Container events from the CRI, or where the runtime does not implement those and is containerd (before 1.7), from
 * containerd's own event service, which listens on the same socket.
 *
 * @throws RuntimeError `Unimplemented` when the runtime has neither, others when the connection breaks.
 */
export async function* runtimeEvents(channel: GrpcChannel, signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
  try {
    yield* criEvents(channel, signal)
  } catch (error) {
    if (!hasRuntimeCode(error, 'Unimplemented')) throw error
    yield* containerdEvents(channel, signal)
  }
}

async function* criEvents(channel: GrpcChannel, signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
  const { path, request, response } = methods.getContainerEvents
  for await (const bytes of channel.stream(path, encode(request, {}, frameHeader), { signal })) {
    const event = decode(response, bytes) as { readonly containerId: string; readonly type: RuntimeEvent['type'] }
    yield { id: event.containerId, type: event.type }
  }
}

const subscribeRequest = message({ filters: [1, 'string', 'repeated'] })
const envelope = message({
  topic: [3, 'string'],
  event: [4, message({ typeUrl: [1, 'string'], value: [2, 'bytes'] })],
})
/** The first field of each event names the container; an exit also says which process of it. */
const anyEvent = message({ containerId: [1, 'string'] })
const exitEvent = message({ containerId: [1, 'string'], processId: [2, 'string'] })

const topics: { readonly [topic: string]: RuntimeEvent['type'] | undefined } = {
  '/tasks/start': 'started',
  '/tasks/exit': 'stopped',
  '/tasks/oom': 'oom',
  '/containers/create': 'created',
  '/containers/delete': 'deleted',
}

async function* containerdEvents(channel: GrpcChannel, signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
  const request = encode(
    subscribeRequest,
    { filters: ['namespace==k8s.io,topic~="^/(tasks/(start|exit|oom)|containers/(create|delete))$"'] },
    frameHeader,
  )
  for await (const bytes of channel.stream('/containerd.services.events.v1.Events/Subscribe', request, { signal })) {
    const { topic, event } = decode(envelope, bytes) as {
      readonly topic: string
      readonly event?: { readonly value: Buffer }
    }
    const type = topics[topic]
    if (type === undefined || !event) continue
    const { containerId, processId = containerId } = decode(type === 'stopped' ? exitEvent : anyEvent, event.value) as {
      readonly containerId: string
      readonly processId?: string
    }
    const isCommand = processId !== containerId
    if (!isCommand) yield { id: containerId, type }
  }
}
