import { usageError } from '#cluster'
import type { EtcdSettings } from '#cluster'
import type { FlagSet } from '../flags/flag.ts'
import { list, optional, text } from '../flags/kinds.ts'

/** An etcd that keeps objects for several servers. */
export interface EtcdFlags {
  readonly 'etcd-servers': readonly string[]
  readonly 'etcd-prefix': string
  readonly 'etcd-cafile': string | undefined
  readonly 'etcd-certfile': string | undefined
  readonly 'etcd-keyfile': string | undefined
}

export const etcdFlags: FlagSet<EtcdFlags> = {
  'etcd-servers': list([], 'Members of an etcd that keeps objects instead, for several servers: http://HOST:2379.'),
  'etcd-prefix': text('/registry', 'Where their keys begin in etcd.'),
  'etcd-cafile': optional('Authorities of the certificates of etcd.', 'file'),
  'etcd-certfile': optional('Certificate shown to etcd.', 'file'),
  'etcd-keyfile': optional('Key of --etcd-certfile.', 'file'),
}

/** `undefined` when no etcd was named. @throws UserError for a certificate without its key, and the other way round. */
export function etcdOf(flags: EtcdFlags): EtcdSettings | undefined {
  const endpoints = flags['etcd-servers']
  if (endpoints.length === 0) return undefined
  const [caFile, certificateFile, keyFile] = [flags['etcd-cafile'], flags['etcd-certfile'], flags['etcd-keyfile']]
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    throw usageError('--etcd-certfile and --etcd-keyfile go together: give both')
  }
  return {
    endpoints,
    prefix: flags['etcd-prefix'],
    ...(caFile === undefined ? {} : { caFile }),
    ...(certificateFile === undefined || keyFile === undefined ? {} : { client: { certificateFile, keyFile } }),
  }
}
