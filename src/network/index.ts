export { CommandError, runCommand } from './command.ts'
export type { CommandOptions } from './command.ts'
