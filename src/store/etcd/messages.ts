import { enumeration, message, type Method } from '#grpc'

/** The messages of etcd's v3 API (etcdserverpb, mvccpb) that the store speaks. Keys are read as text: ours all are. */

const header = message({ revision: [3, 'int'] })
const keyValue = message({
  key: [1, 'string'],
  createRevision: [2, 'int'],
  modRevision: [3, 'int'],
  value: [5, 'bytes'],
})
const rangeRequest = message({
  key: [1, 'string'],
  rangeEnd: [2, 'string'],
  limit: [3, 'int'],
  revision: [4, 'int'],
  keysOnly: [8, 'bool'],
})
const rangeResponse = message({ header: [1, header], kvs: [2, keyValue, 'repeated'], more: [3, 'bool'] })
const putRequest = message({ key: [1, 'string'], value: [2, 'bytes'], lease: [3, 'int'] })
const deleteRequest = message({ key: [1, 'string'] })
const compare = message({
  result: [1, enumeration('EQUAL', 'GREATER', 'LESS', 'NOT_EQUAL')],
  target: [2, enumeration('VERSION', 'CREATE', 'MOD', 'VALUE', 'LEASE')],
  key: [3, 'string'],
  modRevision: [6, 'int'],
})
const operation = message({ put: [2, putRequest], delete: [3, deleteRequest] })
const event = message({ type: [1, enumeration('PUT', 'DELETE')], kv: [2, keyValue], previous: [3, keyValue] })

type Name = 'range' | 'txn' | 'compact' | 'grant' | 'watch'

export const methods: { readonly [name in Name]: Method } = {
  range: { path: '/etcdserverpb.KV/Range', request: rangeRequest, response: rangeResponse },
  txn: {
    path: '/etcdserverpb.KV/Txn',
    request: message({
      compare: [1, compare, 'repeated'],
      success: [2, operation, 'repeated'],
    }),
    response: message({ header: [1, header], succeeded: [2, 'bool'] }),
  },
  compact: {
    path: '/etcdserverpb.KV/Compact',
    request: message({ revision: [1, 'int'] }),
    response: message({ header: [1, header] }),
  },
  grant: {
    path: '/etcdserverpb.Lease/LeaseGrant',
    request: message({ ttl: [1, 'int'], id: [2, 'int'] }),
    response: message({ id: [2, 'int'], ttl: [3, 'int'] }),
  },
  watch: {
    path: '/etcdserverpb.Watch/Watch',
    request: message({
      create: [
        1,
        message({ key: [1, 'string'], rangeEnd: [2, 'string'], startRevision: [3, 'int'], previous: [6, 'bool'] }),
      ],
    }),
    response: message({
      header: [1, header],
      created: [3, 'bool'],
      canceled: [4, 'bool'],
      compactRevision: [5, 'int'],
      cancelReason: [6, 'string'],
      events: [11, event, 'repeated'],
    }),
  },
}

export interface Header {
  readonly revision: number
}

export interface KeyValue {
  readonly key: string
  readonly createRevision: number
  readonly modRevision: number
  readonly value: Buffer
}

export interface RangeResponse {
  readonly header: Header
  readonly kvs: readonly KeyValue[]
  readonly more: boolean
}

export interface TxnResponse {
  readonly header: Header
  readonly succeeded: boolean
}

export interface WatchEvent {
  readonly type: 'PUT' | 'DELETE'
  readonly kv: KeyValue
  readonly previous?: KeyValue
}

export interface WatchResponse {
  readonly header: Header
  readonly canceled: boolean
  /** Above 0 when the watch was cancelled because it began before this revision, to which history is compacted. */
  readonly compactRevision: number
  readonly cancelReason: string
  readonly events: readonly WatchEvent[]
}
