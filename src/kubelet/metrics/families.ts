import { HistogramFamily, NumberFamily } from '#machinery'

/** Seconds. */
export const usualBounds: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const alpha = (help: string): string => `[ALPHA] ${help}`

/** A count under the agent's names; one without labels is told from the start. */
export function counter(name: string, help: string, labels: readonly string[] = []): NumberFamily {
  return new NumberFamily('counter', `kubelet_${name}`, alpha(help), labels)
}

export function gauge(name: string, help: string, labels: readonly string[] = []): NumberFamily {
  return new NumberFamily('gauge', `kubelet_${name}`, alpha(help), labels)
}

/** Times in seconds; those without labels are told from the start. */
export function times(
  name: string,
  help: string,
  bounds: readonly number[] = usualBounds,
  labels: readonly string[] = [],
): HistogramFamily {
  const family = new HistogramFamily(`kubelet_${name}`, alpha(help), bounds, labels)
  if (labels.length === 0) family.of()
  return family
}
