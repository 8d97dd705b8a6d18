import type { IncomingMessage } from 'node:http'
import { hold, mostWaiting } from './flow.ts'
import { accept, hangUp, isWebSocket, offeredBy, tunnelRefusal, type UpgradeRequest } from './handshake.ts'
import { refuseAs } from './proxy.ts'
import { seeOff, upgrade, type Upgraded } from './upgrade.ts'

const prefix = 'SPDY/3.1+'

/** Protocols of SPDY that a client wants to speak inside of WebSocket messages; none where it wants no tunnel. */
export function tunnelProtocols(request: IncomingMessage): string[] {
  const offered = isWebSocket(request) ? offeredBy(request) : []
  return offered
    .filter((name) => name.startsWith(prefix) && name.endsWith('.k8s.io'))
    .map((name) => name.slice(prefix.length))
}

/** Speaks port-forwarding in a tunnel: SPDY between the client and the runtime, inside of WebSocket messages. */
export async function serveTunnel(client: UpgradeRequest, protocols: readonly string[], target: URL): Promise<void> {
  const refusal = tunnelRefusal(client.request)
  if (refusal !== undefined) {
    seeOff(client.socket, refusal)
    return
  }
  let upgraded: Upgraded
  try {
    upgraded = await upgrade(target, 'POST', {
      connection: 'Upgrade',
      upgrade: 'SPDY/3.1',
      'x-stream-protocol-version': [...protocols],
    })
  } catch (error) {
    refuseAs(client.socket, error)
    return
  }
  const { socket: runtime, head, answer } = upgraded
  const chosen = answer.headers['x-stream-protocol-version']
  const websocket = await accept(client, chosen === undefined ? undefined : `${prefix}${String(chosen)}`)
  if (!websocket) {
    runtime.destroy()
    return
  }
  const send = (bytes: Buffer): void => {
    websocket.send(bytes, () => runtime.resume())
    if (websocket.bufferedAmount > mostWaiting) runtime.pause()
  }
  if (head.length > 0) send(head)
  runtime.on('data', send)
  runtime.on('close', () => hangUp(websocket, client))
  runtime.on('error', () => runtime.destroy())
  websocket.on('message', (message: Buffer) => {
    runtime.write(message)
    hold(websocket, runtime)
  })
  websocket.on('close', () => runtime.destroy())
  websocket.on('error', () => runtime.destroy())
}
