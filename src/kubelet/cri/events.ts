import { decode, hasGrpcCode, message, type GrpcChannel, type Method } from '#grpc'
import type { RuntimeEvent } from '#kubelet'
import { toRuntimeError } from './call.ts'
import { methods } from './messages.ts'

/**
 * Container events from the CRI, or where the runtime does not implement those and is containerd (before 1.7), from
 * containerd's own event service, which listens on the same socket.
 *
 * @throws RuntimeError `Unimplemented` when the runtime has neither, others when the connection breaks.
 */
export async function* runtimeEvents(channel: GrpcChannel, signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
  try {
    if (yield* criEvents(channel, signal)) return
    yield* containerdEvents(channel, signal)
  } catch (error) {
    throw toRuntimeError(error)
  }
}

interface CriEvent {
  readonly containerId: string
  readonly type: RuntimeEvent['type']
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** @returns whether the runtime implements them. */
async function* criEvents(channel: GrpcChannel, signal: AbortSignal): AsyncGenerator<RuntimeEvent, boolean> {
  try {
    const events = channel.stream<CriEvent>(methods.getContainerEvents, {}, { signal })
    for await (const { containerId, type, createdAt } of events) yield { id: containerId, type, ...at(createdAt) }
    return true
  } catch (error) {
    if (!hasGrpcCode(error, 'Unimplemented')) throw error
    return false
  }
}

interface ContainerdEvent {
  readonly timestamp?: { readonly seconds: number; readonly nanos: number }
  readonly topic: string
  readonly event?: { readonly value: Buffer }
}

/** The first field of each event names the container; an exit also says which process of it. */
const anyEvent = message({ containerId: [1, 'string'] })
const exitEvent = message({ containerId: [1, 'string'], processId: [2, 'string'] })
const subscribe: Method = {
  path: '/containerd.services.events.v1.Events/Subscribe',
  request: message({ filters: [1, 'string', 'repeated'] }),
  response: message({
    timestamp: [1, message({ seconds: [1, 'int'], nanos: [2, 'int'] })],
    topic: [3, 'string'],
    event: [4, message({ typeUrl: [1, 'string'], value: [2, 'bytes'] })],
  }),
}

const topics: { readonly [topic: string]: RuntimeEvent['type'] | undefined } = {
  '/tasks/start': 'started',
  '/tasks/exit': 'exited',
  // Its last process has been cleared away, after which containerd notes the container's end.
  '/tasks/delete': 'stopped',
  '/tasks/oom': 'oom',
  '/containers/create': 'created',
  '/containers/delete': 'deleted',
}

async function* containerdEvents(channel: GrpcChannel, signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
  const filters = ['namespace==k8s.io,topic~="^/(tasks/(start|exit|delete|oom)|containers/(create|delete))$"']
  for await (const { timestamp, topic, event } of channel.stream<ContainerdEvent>(subscribe, { filters }, { signal })) {
    const type = topics[topic]
    if (type === undefined || !event) continue
    const { containerId, processId = containerId } = decode(type === 'exited' ? exitEvent : anyEvent, event.value) as {
      readonly containerId: string
      readonly processId?: string
    }
    const isCommand = processId !== containerId
    const { seconds = 0, nanos = 0 } = timestamp ?? {}
    if (!isCommand) yield { id: containerId, type, ...at(seconds * 1000 + nanos / 1e6) }
  }
}

/** Runtimes that say nothing of the time say 0. */
const at = (ms: number): Pick<RuntimeEvent, 'at'> => (ms === 0 ? {} : { at: ms })
