import { bytesOfBase64 } from '#machinery'
import type { Clock } from '#base'
import type { Secret } from '#api/core/v1'
import type { UserInfo } from '#client'
import type { TokenAuthenticator } from '../authenticator.ts'
import { equalInConstantTime } from './equal.ts'

export interface BootstrapTokenOptions {
  readonly clock: Clock
  /** The secret of a name in `kube-system`. */
  readonly secret: (name: string) => Secret | undefined
}

const form = /^([a-z0-9]{6})\.([a-z0-9]{16})$/
const groupPrefix = 'system:bootstrappers'
const extraGroup = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/

/** Tokens by which nodes join: each is kept in a secret of the form that kubeadm writes. */
export function bootstrapTokenAuthenticator({ clock, secret }: BootstrapTokenOptions): TokenAuthenticator {
  return {
    authenticate(token) {
      const [, id, password] = form.exec(token) ?? []
      if (id === undefined || password === undefined) return undefined
      const found = secret(`bootstrap-token-${id}`)
      const user = found && userOf(found, id, password, clock.now())
      return user && { user }
    },
  }
}

function userOf(secret: Secret, id: string, password: string, now: number): UserInfo | undefined {
  if (secret.metadata.deletionTimestamp !== undefined || secret.type !== 'bootstrap.kubernetes.io/token')
    return undefined
  const data = (key: string): string => decode(secret.data?.[key])
  if (!equalInConstantTime(data('token-secret'), password) || data('token-id') !== id) return undefined
  if (isExpired(data('expiration'), now) || data('usage-bootstrap-authentication') !== 'true') return undefined
  const groups = groupsOf(data('auth-extra-groups'))
  return groups && { name: `system:bootstrap:${id}`, groups }
}

function decode(base64: string | undefined): string {
  if (base64 === undefined) return ''
  return new TextDecoder().decode(bytesOfBase64(base64))
}

/** A time that can't be read counts as over. */
function isExpired(expiration: string, now: number): boolean {
  return expiration !== '' && !(Date.parse(expiration) > now)
}

function groupsOf(extra: string): readonly string[] | undefined {
  if (extra === '') return [groupPrefix]
  const groups = extra.split(',')
  if (!groups.every((group) => extraGroup.test(group))) return undefined
  return [...new Set([groupPrefix, ...groups])].sort()
}
