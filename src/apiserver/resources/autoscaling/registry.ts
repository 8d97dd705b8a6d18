import type { ResourceRegistration } from '../../resource/registration.ts'
import { horizontalPodAutoscalers } from './horizontalpodautoscalers/registration.ts'

export const autoscalingRegistrations: readonly ResourceRegistration[] = horizontalPodAutoscalers
