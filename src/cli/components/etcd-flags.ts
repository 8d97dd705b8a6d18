import { usageError } from '#cluster'
import type { EtcdSettings } from '#cluster'
import type { FlagSet } from '../flags/flag.ts'
import { list, absentIfEmpty, text } from '../flags/kinds.ts'

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
  'etcd-cafile': absentIfEmpty('Authorities of the certificates of etcd.', 'file'),
  'etcd-certfile': absentIfEmpty('Certificate shown to etcd.', 'file'),
  'etcd-keyfile': absentIfEmpty('Key of --etcd-certfile.', 'file'),
}

/** As etcd's own clients have it, `HOST:PORT` is meant with TLS where there is something to do it with. @throws UserError */
function endpointOf(member: string, scheme: 'http' | 'https'): string {
  if (/^(?:https?|unix):\/\/./.test(member) && URL.canParse(member)) return member
  const url = `${scheme}://${member}`
  if (/^[^/]+:\d+$/.test(member) && URL.canParse(url)) return url
  throw usageError(`flag --etcd-servers: ${JSON.stringify(member)} is neither http://HOST:2379 nor HOST:2379`)
}

/** `undefined` when no etcd was named. @throws UserError for a certificate without its key, and the other way round. */
export function etcdOf(flags: EtcdFlags): EtcdSettings | undefined {
  if (flags['etcd-servers'].length === 0) return undefined
  const [caFile, certificateFile, keyFile] = [flags['etcd-cafile'], flags['etcd-certfile'], flags['etcd-keyfile']]
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    throw usageError('--etcd-certfile and --etcd-keyfile go together: give both')
  }
  const scheme = caFile === undefined && certificateFile === undefined ? 'http' : 'https'
  return {
    endpoints: flags['etcd-servers'].map((member) => endpointOf(member, scheme)),
    prefix: flags['etcd-prefix'],
    ...(caFile === undefined ? {} : { caFile }),
    ...(certificateFile === undefined || keyFile === undefined ? {} : { client: { certificateFile, keyFile } }),
  }
}
