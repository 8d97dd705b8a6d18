import { failure } from '#machinery'
import { objectResponse, outputFormat } from '../../../handler/respond.ts'
import { podNamed } from '../../../proxy/kubelet.ts'
import type { ConnectFunction } from '../../../resource/resource.ts'

/** Answers `pods/scheduling`: why the pod is on its node, or on none, as the scheduler of this process knows it. */
export const podScheduling: ConnectFunction = async (name, _path, request, context) => {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
  }
  const { metadata } = podNamed(name, context)
  const { scheduling } = context.services
  if (!scheduling) {
    throw failure(503, 'ServiceUnavailable', 'no scheduler runs in the process of this API server', {})
  }
  const decision = scheduling.decision(metadata.uid ?? '')
  if (!decision) {
    const message = `the scheduler knows nothing of pod ${JSON.stringify(name)}`
    throw failure(404, 'NotFound', message, { name, kind: 'pods' })
  }
  return objectResponse(200, { object: decision }, outputFormat(context))
}
