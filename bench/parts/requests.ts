import { objectMark } from '../load/request.ts'
import type { RequestTemplate } from '../load/request.ts'
import { deploymentToApply, podStatusPatch } from './objects.ts'

/** How many objects writers patch and apply in turn. */
export const patchedObjects = 1000

/** As a kubelet patches the status of one of its pods; they are called `pod-00000000` and so on. */
export const patchPodStatus = (namespace: string): RequestTemplate => ({
  method: 'PATCH',
  path: `/api/v1/namespaces/${namespace}/pods/pod-${objectMark}/status`,
  objects: patchedObjects,
  body: podStatusPatch(),
  contentType: 'application/strategic-merge-patch+json',
  accept: 'application/vnd.kubernetes.protobuf,application/json',
  userAgent: 'kubelet/v1.36.0 (linux/amd64) kubernetes/bench',
})

/** As kubectl applies a Deployment. */
export const applyDeployment = (namespace: string): RequestTemplate => ({
  method: 'PATCH',
  path: `/apis/apps/v1/namespaces/${namespace}/deployments/server-${objectMark}?fieldManager=kubectl&force=false`,
  objects: patchedObjects,
  body: deploymentToApply(`server-${objectMark}`),
  contentType: 'application/apply-patch+yaml',
  userAgent: 'kubectl/v1.36.0 (linux/amd64) kubernetes/bench',
})
