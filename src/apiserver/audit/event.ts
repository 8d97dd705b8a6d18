import type { Event } from '#api/audit/v1'
import { encodeText, plainJson } from '#machinery'

/** JSON of what may be too large to be had in one piece. */
export type LongJson = readonly Uint8Array[]

/** An event on its way to backends. It is complete and does not change. */
export interface AuditEvent {
  readonly event: Event
  /** What the event has as `responseObject`, where that is not in it, being long. */
  readonly response?: LongJson
}

const field = '"responseObject":'

/** JSON of an event with a long response. */
export function longEventJson(
  { requestReceivedTimestamp, stageTimestamp, ...rest }: Event,
  response: LongJson,
): LongJson {
  const { annotations, ...before } = rest
  const after = { requestReceivedTimestamp, stageTimestamp, annotations }
  return [
    encodeText(`${plainJson(before).slice(0, -1)},${field}`),
    ...response,
    encodeText(`,${plainJson(after).slice(1)}`),
  ]
}

/** Bytes of the JSON of an event. */
export function sizeOfEvent({ event, response }: AuditEvent): number {
  return encodeText(plainJson(event)).length + (response ? sizeOfJson(response) + field.length + 1 : 0)
}

const sizeOfJson = (pieces: LongJson): number => pieces.reduce((sum, { length }) => sum + length, 0)
