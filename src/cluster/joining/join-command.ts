import { authorityHashes } from './cluster-info.ts'
import { formatToken } from './token.ts'
import type { BootstrapToken } from './token.ts'

/** Words of the command that makes a machine a node. @param authority of the cluster, in PEM. */
export const joinWords = (server: string, token: BootstrapToken, authority: string): readonly string[] => [
  'k8ts',
  'agent',
  '--join',
  server,
  '--token',
  formatToken(token),
  ...authorityHashes(authority)
    .slice(0, 1)
    .flatMap((hash) => ['--ca-hash', hash]),
]
