import type { Draft } from '#api'
import type { HorizontalPodAutoscaler, HPAScalingRules } from '#api/autoscaling/v2'

const cpuUtilization = 80
const periodSeconds = 15

/** As many as keep processors at four fifths of what is asked for. */
export function defaultAutoscaler(draft: Draft<HorizontalPodAutoscaler>): void {
  const { spec } = draft
  spec.minReplicas ??= 1
  if ((spec.metrics ?? []).length === 0) {
    const target = { type: 'Utilization', averageUtilization: cpuUtilization }
    spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }]
  }
  defaultBehavior(draft)
}

/** Upward at once, by four pods or to the double; downward without bound. */
export function defaultBehavior({ spec }: Draft<HorizontalPodAutoscaler>): void {
  if (!spec.behavior) return
  const { scaleUp, scaleDown } = spec.behavior
  const up = complete(scaleUp, {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds },
      { type: 'Percent', value: 100, periodSeconds },
    ],
  })
  const down = complete(scaleDown, {
    selectPolicy: 'Max',
    policies: [{ type: 'Percent', value: 100, periodSeconds }],
  })
  // What is complete may be that of a stored object, which does not change.
  if (up !== scaleUp || down !== scaleDown) spec.behavior = { scaleUp: up, scaleDown: down }
}

function complete(given: Draft<HPAScalingRules> | undefined, rules: Draft<HPAScalingRules>): Draft<HPAScalingRules> {
  if (given && Object.keys(rules).every((name) => Object.hasOwn(given, name))) return given
  return { ...rules, ...given }
}
