import type { EventRecorder, EventType } from '#client'
import type { Node } from '#api/core/v1'

/** Records an event about a node. */
export function nodeEvent(events: EventRecorder, node: Node, type: EventType, reason: string, message: string): void {
  const { name = '', uid } = node.metadata
  events.event({ kind: 'Node', apiVersion: 'v1', name, ...(uid === undefined ? {} : { uid }) }, type, reason, message)
}
