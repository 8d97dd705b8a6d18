import { horizontalpodautoscalers } from '#api/autoscaling/v2'
import { pods } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { HorizontalController } from './controller.ts'

/** Scales workloads by metrics. */
export const horizontalPodAutoscalerController: ControllerDescriptor<ControllersOptions> = {
  name: 'horizontal-pod-autoscaler-controller',
  aliases: ['horizontalpodautoscaling'],
  eventSource: 'horizontal-pod-autoscaler',
  serviceAccount: 'horizontal-pod-autoscaler',
  inputs: [horizontalpodautoscalers, pods],
  outputs: [{ resource: horizontalpodautoscalers, subresource: 'status', ownership: 'exclusive' }],
  create: (context) => new HorizontalController(context),
}
