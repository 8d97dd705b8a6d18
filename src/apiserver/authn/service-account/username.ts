import type { UserInfo } from '#client'
import { nameIsDNSLabel, nameIsDNSSubdomain } from '#machinery'
import { credentialIdKey } from '../users.ts'

const prefix = 'system:serviceaccount:'

export interface AccountName {
  readonly namespace: string
  readonly name: string
}

export const accountUsername = ({ namespace, name }: AccountName): string => `${prefix}${namespace}:${name}`

export const accountGroups = (namespace: string): readonly string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
]

/** The service account that a user name stands for; `undefined` when it stands for none. */
export function parseAccountUsername(username: string): AccountName | undefined {
  if (!username.startsWith(prefix)) return undefined
  const [namespace = '', name = '', ...rest] = username.slice(prefix.length).split(':')
  if (rest.length > 0 || nameIsDNSLabel(namespace, false).length > 0) return undefined
  return nameIsDNSSubdomain(name, false).length > 0 ? undefined : { namespace, name }
}

const podNameKey = 'authentication.kubernetes.io/pod-name'
const podUidKey = 'authentication.kubernetes.io/pod-uid'
export const nodeNameKey = 'authentication.kubernetes.io/node-name'
const nodeUidKey = 'authentication.kubernetes.io/node-uid'

/** A reference by name and uid, as tokens carry it. */
export interface BoundReference {
  readonly name: string
  readonly uid: string
}

export interface AccountIdentity extends AccountName {
  readonly uid: string
  readonly pod?: BoundReference | undefined
  readonly node?: BoundReference | undefined
  /** Which token it is: `JTI=<id>`. */
  readonly credentialId?: string | undefined
}

/** The user that a service account is, with where its token comes from. */
export function accountUser({ namespace, name, uid, pod, node, credentialId }: AccountIdentity): UserInfo {
  const extra: { [key: string]: readonly string[] } = {}
  if (pod && pod.name !== '' && pod.uid !== '') {
    extra[podNameKey] = [pod.name]
    extra[podUidKey] = [pod.uid]
  }
  if (credentialId) extra[credentialIdKey] = [credentialId]
  if (node && node.name !== '') {
    extra[nodeNameKey] = [node.name]
    if (node.uid !== '') extra[nodeUidKey] = [node.uid]
  }
  return {
    name: accountUsername({ namespace, name }),
    ...(uid === '' ? {} : { uid }),
    groups: accountGroups(namespace),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  }
}
