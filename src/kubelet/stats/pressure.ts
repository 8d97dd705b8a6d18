import type { Pressure } from '../seams/usage.ts'

const never = { total: 0, avg10: 0, avg60: 0, avg300: 0 }

/** What the summary says where the kernel keeps no account of waiting: its readers want to find something. */
export const nothingWaited: Pressure = { full: never, some: never }
