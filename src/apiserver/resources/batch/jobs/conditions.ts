import type { Job, JobCondition } from '#api/batch/v1'

type Conditions = readonly JobCondition[] | undefined

const has = (conditions: Conditions, type: JobCondition['type'], status: string): boolean =>
  (conditions ?? []).some((condition) => condition.type === type && condition.status === status)

export const isTrue = (conditions: Conditions, type: JobCondition['type']): boolean => has(conditions, type, 'True')
export const isFalse = (conditions: Conditions, type: JobCondition['type']): boolean => has(conditions, type, 'False')

/** The job has come to its end, one way or the other. */
export const isFinished = ({ status }: Job): boolean =>
  isTrue(status?.conditions, 'Complete') || isTrue(status?.conditions, 'Failed')
