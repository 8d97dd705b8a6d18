export { createIngressController } from './controller/controller.ts'
export type { IngressController, IngressControllerOptions } from './controller/controller.ts'
export type { Applied, ProxyEngine } from './engine.ts'
export { defaultCertificateFile, serverAddress, serverName } from './haproxy/configuration.ts'
export type {
  AdjoinedFile,
  BackendSection,
  EngineConfiguration,
  Line,
  ServerIdentity,
} from './haproxy/configuration.ts'
export { mirrorProgramFile, mirrorVariable } from './haproxy/mirror.ts'
export type { OwnClass } from './ingress/class.ts'
export { gatewayDefinitions } from './gateway/definitions/index.ts'
export { poolKey } from './services/services.ts'
export type { Endpoint } from './services/services.ts'
export type { CheckCertificate } from './services/certificates.ts'
