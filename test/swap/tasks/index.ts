import { deploymentTask } from './deployment.ts'
import { podTask } from './pods.ts'
import { policyTask } from './policy.ts'
import { schedulingTask } from './scheduling.ts'
import { electionTask } from './elections.ts'
import type { Task } from './task.ts'
import { daemonSetTask, jobTask, statefulSetTask } from './workloads.ts'

/** In this order, one after the other. */
export const usualTasks: readonly Task[] = [
  deploymentTask,
  jobTask,
  statefulSetTask,
  daemonSetTask,
  podTask,
  schedulingTask,
  policyTask,
]

/** @param swap its name. */
export const tasksOf = (swap: string): readonly Task[] => (swap === 'elections' ? [electionTask] : usualTasks)
