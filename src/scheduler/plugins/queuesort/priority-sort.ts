import type { Plugin } from '../../framework/plugin.ts'
import { names } from '../names.ts'

/** Higher priority first, then who waits longer. */
export function createPrioritySort(): Plugin {
  return {
    name: names.prioritySort,
    less: (a, b) => a.info.priority > b.info.priority || (a.info.priority === b.info.priority && a.since < b.since),
  }
}
