import { cronjobs, jobs } from '#api/batch/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { CronJobController } from './controller.ts'

/** Begins jobs at their times. */
export const cronJobController: ControllerDescriptor<ControllersOptions> = {
  name: 'cronjob-controller',
  aliases: ['cronjob'],
  inputs: [cronjobs, jobs],
  outputs: [
    { resource: cronjobs, subresource: 'status', ownership: 'exclusive' },
    { resource: jobs, ownership: 'shared' },
  ],
  create: (context) => new CronJobController(context),
}
