import { jobs } from '#api/batch/v1'
import { pods } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { JobController } from './controller.ts'

/** Runs pods until as many as asked for have succeeded. */
export const jobController: ControllerDescriptor<ControllersOptions> = {
  name: 'job-controller',
  aliases: ['job'],
  retry: { firstMs: 1000, mostMs: 60_000 },
  inputs: [jobs, pods],
  outputs: [
    { resource: jobs, subresource: 'status', ownership: 'exclusive' },
    { resource: pods, ownership: 'shared' },
  ],
  create: (context) => new JobController(context, context.options.concurrency?.jobs ?? 5),
}
