export type { CertificateSigner } from './certificates/index.ts'
export type { Concurrency, ControllersOptions } from './options.ts'
export { controllers } from './registry.ts'
