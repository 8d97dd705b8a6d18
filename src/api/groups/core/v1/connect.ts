import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: options of requests that lead to nodes, pods and Services. */
export const connect: GroupVersionPart = {
  types: {
    NodeProxyOptions: {
      kind: true,
      openapi: false,
      fields: {
        path: { id: 1, type: 'string' },
      },
    },
    PodAttachOptions: {
      kind: true,
      openapi: false,
      fields: {
        stdin: { id: 1, type: 'bool' },
        stdout: { id: 2, type: 'bool' },
        stderr: { id: 3, type: 'bool' },
        tty: { id: 4, type: 'bool' },
        container: { id: 5, type: 'string' },
      },
    },
    PodExecOptions: {
      kind: true,
      openapi: false,
      fields: {
        stdin: { id: 1, type: 'bool' },
        stdout: { id: 2, type: 'bool' },
        stderr: { id: 3, type: 'bool' },
        tty: { id: 4, type: 'bool' },
        container: { id: 5, type: 'string' },
        command: { id: 6, type: '[]string', required: true, listType: 'atomic' },
      },
    },
    PodLogOptions: {
      kind: true,
      openapi: false,
      fields: {
        container: { id: 1, type: 'string' },
        follow: { id: 2, type: 'bool' },
        previous: { id: 3, type: 'bool' },
        sinceSeconds: { id: 4, type: '*int64' },
        sinceTime: { id: 5, type: '*time' },
        timestamps: { id: 6, type: 'bool' },
        tailLines: { id: 7, type: '*int64' },
        limitBytes: { id: 8, type: '*int64' },
        insecureSkipTLSVerifyBackend: { id: 9, type: 'bool' },
        stream: { id: 10, type: '*string', gate: 'PodLogsQuerySplitStreams' },
      },
    },
    PodPortForwardOptions: {
      kind: true,
      openapi: false,
      fields: {
        ports: { id: 1, type: '[]int32', listType: 'atomic' },
      },
    },
    PodProxyOptions: {
      kind: true,
      openapi: false,
      fields: {
        path: { id: 1, type: 'string' },
      },
    },
    ServiceProxyOptions: {
      kind: true,
      openapi: false,
      fields: {
        path: { id: 1, type: 'string' },
      },
    },
  },
}
