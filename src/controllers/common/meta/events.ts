import { apiVersionOf } from '#api'
import type { Resource } from '#api'
import type { EventRecorder, EventType } from '#client'
import type { KubeObject } from '#machinery'

/** Records an event about an object of one resource. */
export type Recorder<T extends KubeObject> = (
  object: T,
  type: EventType,
  reason: string,
  message: string,
  annotations?: { readonly [key: string]: string },
) => void

/** Objects out of lists do not say their kind: here the resource says it. */
export function recorderFor<T extends KubeObject>(events: EventRecorder, resource: Resource<T>): Recorder<T> {
  const kind = resource.kind
  const apiVersion = apiVersionOf(resource)
  return (object, type, reason, message, annotations) => {
    const { namespace, name, uid, resourceVersion } = object.metadata
    const reference = {
      kind,
      ...(namespace ? { namespace } : {}),
      ...(name ? { name } : {}),
      ...(uid ? { uid } : {}),
      apiVersion,
      ...(resourceVersion ? { resourceVersion } : {}),
    }
    events.event(reference, type, reason, message, annotations)
  }
}
