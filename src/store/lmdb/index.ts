export { openLmdbStore } from './open.ts'
export type { LmdbStoreOptions } from './open.ts'
export { StoreOpenError } from './errors.ts'
