export { openEtcdStore } from './open.ts'
export type { EtcdStoreOptions } from './open.ts'
