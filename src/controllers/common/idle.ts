import type { Controller } from '#client'

/** A controller that has nothing to work with, and does nothing. */
export const idleController: Controller = { reconcile: () => Promise.resolve() }
