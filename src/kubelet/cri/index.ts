export { createCriRuntime } from './runtime.ts'
export type { CriOptions, CriRuntime } from './runtime.ts'
