import type { ObjectReference } from '#api/core/v1'
import type { EventType } from '#client'

/**
 * Records an event of an object, for people to read. Never waits and never fails.
 *
 * @param reason why, in one UpperCamelCase word that programs may rely on.
 */
export type RecordEvent = (
  reference: ObjectReference,
  type: EventType,
  reason: string,
  message: string,
  annotations?: { readonly [key: string]: string },
) => void
