import type { Draft } from '#api'
import type { HorizontalPodAutoscaler as HorizontalPodAutoscalerV1 } from '#api/autoscaling/v1'
import type { HorizontalPodAutoscaler } from '#api/autoscaling/v2'
import { excludeFields } from '#machinery'
import type { KubeObject } from '#machinery'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { UpdateRules } from '../../../resource/strategy.ts'
import { autoscalerColumns } from './columns.ts'
import { defaultAutoscaler, defaultBehavior } from './defaults.ts'
import {
  behaviorAnnotation,
  conditionsAnnotation,
  currentMetricsAnnotation,
  dropRoundTripAnnotations,
  metricsAnnotation,
} from './v1/annotations.ts'
import { defaultAutoscalerV1 } from './v1/defaults.ts'
import { fromStorage, storedFormOf, toStorage } from './v1/convert.ts'
import { validateAutoscaler, validateAutoscalerStatus, validateAutoscalerUpdate } from './validation.ts'

const plural = 'horizontalpodautoscalers'

const statusRules: UpdateRules<KubeObject> = strategy<HorizontalPodAutoscaler>({
  prepareForUpdate(draft, old) {
    draft.spec = old.spec as Draft<HorizontalPodAutoscaler>['spec']
  },
  validateUpdate: validateAutoscalerStatus,
  resetFields: excludeFields(['spec']),
})

/** Stored as v2; v1 keeps what it has no fields for in annotations. */
export const horizontalPodAutoscalers: readonly ResourceRegistration[] = [
  {
    place: 'autoscaling/v2',
    plural,
    strategy: strategy<HorizontalPodAutoscaler>({
      validate: validateAutoscaler,
      validateUpdate: validateAutoscalerUpdate,
      // What came as v1 has not had these defaults yet.
      canonicalize: defaultBehavior,
    }),
    defaults: defaults<HorizontalPodAutoscaler>((draft) => {
      dropRoundTripAnnotations(draft.metadata)
      defaultAutoscaler(draft)
    }),
    columns: autoscalerColumns,
    updates: { status: statusRules },
  },
  {
    place: 'autoscaling/v1',
    plural,
    defaults: defaults<HorizontalPodAutoscalerV1>(defaultAutoscalerV1),
    columns: {
      columns: autoscalerColumns.columns,
      row: (object, now) => autoscalerColumns.row(storedFormOf(object), now),
    },
    updates: { status: statusRules },
    storedAs: { place: 'autoscaling/v2', plural, toStorage, fromStorage },
    conversionAnnotations: [metricsAnnotation, currentMetricsAnnotation, conditionsAnnotation, behaviorAnnotation],
  },
]
