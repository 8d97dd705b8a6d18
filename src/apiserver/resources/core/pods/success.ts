import type { KubeObject } from '#machinery'

/** What is answered where something was done and there is no object to show. */
export const success: KubeObject = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  code: 201,
} as KubeObject
