export { createScheduler } from './scheduler.ts'
export type { Scheduler, SchedulerOptions } from './options.ts'
