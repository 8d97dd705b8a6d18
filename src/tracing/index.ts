export { openTracing } from './open.ts'
export type { OpenTracing, TracingSettings } from './open.ts'
