export type { CertificateSigner } from './certificates/index.ts'
export type { NodeFolders } from './localvolumes/controller.ts'
export type { Concurrency, ControllersOptions } from './options.ts'
export { controllers } from './registry.ts'
