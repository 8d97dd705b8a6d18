import type { FlagSet } from '../flags/flag.ts'
import { choice, decimal, duration, integer, list, absentIfEmpty, pairsOf, text, toggle } from '../flags/kinds.ts'

export interface SecurityFlags extends AuthenticationFlags, AuthorizationFlags, AuditFlags {}

/** Who is let in, besides certificates and the server's own tokens. */
export interface AuthenticationFlags {
  readonly 'anonymous-auth': boolean
  readonly 'authentication-config': string | undefined
  readonly 'authentication-token-webhook-config-file': string | undefined
  readonly 'authentication-token-webhook-version': 'v1' | 'v1beta1'
  readonly 'authentication-token-webhook-cache-ttl': number
  readonly 'oidc-issuer-url': string
  readonly 'oidc-client-id': string
  readonly 'oidc-ca-file': string | undefined
  readonly 'oidc-username-claim': string
  readonly 'oidc-username-prefix': string
  readonly 'oidc-groups-claim': string
  readonly 'oidc-groups-prefix': string
  readonly 'oidc-signing-algs': readonly string[]
  readonly 'oidc-required-claim': { readonly [claim: string]: string }
}

const authenticationFlags: FlagSet<AuthenticationFlags> = {
  'anonymous-auth': toggle(true, 'Whether requests without credentials are from system:anonymous, and not refused.'),
  'authentication-config': absentIfEmpty(
    'AuthenticationConfiguration: issuers of tokens, requests without credentials; read again when it changes.',
    'file',
  ),
  'authentication-token-webhook-config-file': absentIfEmpty(
    'Kubeconfig of a webhook that is asked about tokens that nobody knows here.',
    'file',
  ),
  'authentication-token-webhook-version': choice(
    ['v1', 'v1beta1'],
    'v1beta1',
    'Version of TokenReview it is asked in.',
  ),
  'authentication-token-webhook-cache-ttl': duration(120_000, 'How long its answers are kept.'),
  'oidc-issuer-url': text('', 'Issuer of tokens (OpenID Connect) whose users are let in.', 'url'),
  'oidc-client-id': text('', 'Audience that its tokens must be for.'),
  'oidc-ca-file': absentIfEmpty('Authorities of its certificate; those of the system when absent.', 'file'),
  'oidc-username-claim': text('sub', 'Claim with the name of the user.'),
  'oidc-username-prefix': text('', 'What goes before names; the issuer and # when absent; - for nothing.'),
  'oidc-groups-claim': text('', 'Claim with groups.'),
  'oidc-groups-prefix': text('', 'What goes before groups.'),
  'oidc-signing-algs': list(['RS256'], 'Algorithms by which its tokens may be signed.'),
  'oidc-required-claim': pairsOf('Claim that its tokens must have, with its value; may be repeated.'),
}

/** Who decides what users may do. */
export interface AuthorizationFlags {
  readonly 'authorization-mode': readonly string[]
  readonly 'authorization-config': string | undefined
  readonly 'authorization-policy-file': string | undefined
  readonly 'authorization-webhook-config-file': string | undefined
  readonly 'authorization-webhook-version': 'v1' | 'v1beta1'
  readonly 'authorization-webhook-cache-authorized-ttl': number
  readonly 'authorization-webhook-cache-unauthorized-ttl': number
}

const authorizationFlags: FlagSet<AuthorizationFlags> = {
  'authorization-mode': list(
    ['Node', 'RBAC'],
    'Who decides, in this order: ABAC, AlwaysAllow, AlwaysDeny, Node, RBAC, Webhook.',
  ),
  'authorization-config': absentIfEmpty(
    'AuthorizationConfiguration: who decides, in the place of --authorization-mode; read again when it changes.',
    'file',
  ),
  'authorization-policy-file': absentIfEmpty('Policies of mode ABAC, one in JSON on each line.', 'file'),
  'authorization-webhook-config-file': absentIfEmpty('Kubeconfig of the webhook of mode Webhook.', 'file'),
  'authorization-webhook-version': choice(
    ['v1', 'v1beta1'],
    'v1beta1',
    'Version of SubjectAccessReview it is asked in.',
  ),
  'authorization-webhook-cache-authorized-ttl': duration(300_000, 'How long its consent is kept.'),
  'authorization-webhook-cache-unauthorized-ttl': duration(30_000, 'How long its refusals are kept.'),
}

type Mode = 'batch' | 'blocking' | 'blocking-strict'
const modes: readonly Mode[] = ['batch', 'blocking', 'blocking-strict']

/** How audit events are handed to the log, or to a webhook. */
type DeliveryFlags<To extends 'log' | 'webhook'> = {
  readonly [name in `audit-${To}-mode`]: Mode
} & {
  readonly [
    name in
      | `audit-${To}-batch-buffer-size`
      | `audit-${To}-batch-max-size`
      | `audit-${To}-batch-max-wait`
      | `audit-${To}-batch-throttle-burst`
      | `audit-${To}-batch-throttle-qps`
      | `audit-${To}-truncate-max-batch-size`
      | `audit-${To}-truncate-max-event-size`
  ]: number
} & { readonly [name in `audit-${To}-batch-throttle-enable` | `audit-${To}-truncate-enabled`]: boolean }

export interface AuditFlags extends DeliveryFlags<'log'>, DeliveryFlags<'webhook'> {
  readonly 'audit-policy-file': string | undefined
  readonly 'audit-log-path': string | undefined
  readonly 'audit-log-format': 'json' | 'legacy'
  readonly 'audit-log-version': 'audit.k8s.io/v1'
  readonly 'audit-log-maxage': number
  readonly 'audit-log-maxbackup': number
  readonly 'audit-log-maxsize': number
  readonly 'audit-log-compress': boolean
  readonly 'audit-webhook-config-file': string | undefined
  readonly 'audit-webhook-initial-backoff': number
  readonly 'audit-webhook-version': 'audit.k8s.io/v1'
}

const whole = { least: 1 }

const auditFlags: FlagSet<AuditFlags> = {
  'audit-policy-file': absentIfEmpty('Policy of what is written down of requests.', 'file'),
  'audit-log-path': absentIfEmpty('Audit log; - is standard output.', 'file'),
  'audit-log-format': choice(['json', 'legacy'], 'json', 'Form of lines of the audit log.'),
  'audit-log-version': choice(['audit.k8s.io/v1'], 'audit.k8s.io/v1', 'Version of its events.'),
  'audit-log-maxage': integer(366, 'Days for which old audit logs are kept; 0 keeps them whatever their age.', {
    least: 0,
  }),
  'audit-log-maxbackup': integer(100, 'Old audit logs that are kept; 0 keeps all.', { least: 0 }),
  'audit-log-maxsize': integer(100, 'Megabytes beyond which a new audit log is begun; 0 never begins one.', {
    least: 0,
  }),
  'audit-log-compress': toggle(false, 'Whether old audit logs are packed with gzip.'),
  'audit-log-mode': choice(modes, 'blocking', 'Whether requests wait until their event is written, or fail.'),
  'audit-log-batch-buffer-size': integer(10_000, 'Events that may wait in mode batch.', whole),
  'audit-log-batch-max-size': integer(1, 'Events that are written at once in mode batch.', whole),
  'audit-log-batch-max-wait': duration(0, 'How long events may wait in mode batch.'),
  'audit-log-batch-throttle-enable': toggle(false, 'Whether batches are held back.'),
  'audit-log-batch-throttle-qps': decimal(0, 'Batches per second, in the long run.'),
  'audit-log-batch-throttle-burst': integer(0, 'Batches in a burst.'),
  'audit-log-truncate-enabled': toggle(false, 'Whether large events lose their objects.'),
  'audit-log-truncate-max-event-size': integer(102_400, 'Bytes of an event.', whole),
  'audit-log-truncate-max-batch-size': integer(10_485_760, 'Bytes of a batch.', whole),
  'audit-webhook-config-file': absentIfEmpty('Kubeconfig of a webhook that takes audit events.', 'file'),
  'audit-webhook-initial-backoff': duration(10_000, 'Time before a second attempt to send events.'),
  'audit-webhook-version': choice(['audit.k8s.io/v1'], 'audit.k8s.io/v1', 'Version of its events.'),
  'audit-webhook-mode': choice(modes, 'batch', 'Whether requests wait until their event is sent, or fail.'),
  'audit-webhook-batch-buffer-size': integer(10_000, 'Events that may wait in mode batch.', whole),
  'audit-webhook-batch-max-size': integer(400, 'Events that are sent at once in mode batch.', whole),
  'audit-webhook-batch-max-wait': duration(30_000, 'How long events may wait in mode batch.'),
  'audit-webhook-batch-throttle-enable': toggle(true, 'Whether batches are held back.'),
  'audit-webhook-batch-throttle-qps': decimal(10, 'Batches per second, in the long run.'),
  'audit-webhook-batch-throttle-burst': integer(15, 'Batches in a burst.'),
  'audit-webhook-truncate-enabled': toggle(false, 'Whether large events lose their objects.'),
  'audit-webhook-truncate-max-event-size': integer(102_400, 'Bytes of an event.', whole),
  'audit-webhook-truncate-max-batch-size': integer(10_485_760, 'Bytes of a batch.', whole),
}

export const securityFlags: FlagSet<SecurityFlags> = { ...authenticationFlags, ...authorizationFlags, ...auditFlags }
