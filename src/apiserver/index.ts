export type { AdmissionAttributes, AdmissionPlugin, Operation } from './admission/admission.ts'
export { unionAuthenticator } from './authn/authenticator.ts'
export type { Authentication, Authenticator } from './authn/authenticator.ts'
export { parseTokenFile } from './authn/token/static.ts'
export { createAudit } from './audit/audit.ts'
export type { Audit } from './audit/audit.ts'
export { logBackend } from './audit/log.ts'
export type { AuditLogFormat } from './audit/log.ts'
export { validateAuditPolicy } from './audit/policy.ts'
export { unionAuthorizer } from './authz/authorizer.ts'
export type { AuthorizationAttributes, Authorizer, Decision } from './authz/authorizer.ts'
export type { NonResourceHandler } from './chain/handler.ts'
export { createDiscovery } from './discovery/discovery.ts'
export type { MetricsSource } from './metrics/metrics.ts'
export type { Backend, BackendAnswer, BackendRequest, BackendTransport } from './proxy/backend.ts'
export type { ValueTransformer } from './registry/object-store.ts'
export { registrations } from './resources/registry.ts'
export { createApiServer } from './create.ts'
export type { ApiServerOptions, AuthorizationMode, RunningApiServer } from './create.ts'
export type { AuthenticationTrust } from './bootstrap/index.ts'
export { assembleApiServer } from './server.ts'
export type { ApiServer, ApiServerParts } from './server.ts'
export { defaultServiceNetwork } from './services.ts'
export type { SchedulingKnowledge, ServiceNetwork, Services } from './services.ts'
export type { AdvertisedAddress } from './bootstrap/kubernetes-service.ts'
export type {
  JsonWebKey,
  JsonWebKeySet,
  TokenClaims,
  TokenSigner,
  TokenVerification,
  TokenVerifier,
} from './authn/token/signing.ts'
export type { WebhookDialer, WebhookTarget } from './webhook/dialer.ts'
export { readRuntimeConfig } from './resource/runtime-config.ts'
export type { ServedResources } from './resource/runtime-config.ts'
export { defaultServerSettings } from './settings.ts'
export type { ServerSettings } from './settings.ts'
