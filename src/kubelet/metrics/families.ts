import { HistogramFamily, NumberFamily, usualBounds } from '#machinery'

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
