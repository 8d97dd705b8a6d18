import type { PodReasons, SchedulingDecision } from '#cluster'

type Verdicts = NonNullable<SchedulingDecision['now']>
type Change = NonNullable<SchedulingDecision['smallestChange']>['changes'][number]

/** What is known of a pod's place, in lines for people. */
export function reasonLines({ pod, decision, silence, events }: PodReasons): readonly string[] {
  const { metadata, spec, status } = pod
  const node = spec?.nodeName ?? ''
  const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  const told =
    events.length === 0 ? [] : ['', 'Events', ...events.map(({ reason, message }) => `  ${reason}: ${message}`)]
  const head = `Pod ${metadata.namespace ?? ''}/${metadata.name ?? ''}`
  const phase = status?.phase ?? 'Pending'
  if (!decision) {
    const place = node === '' ? `${phase}, on no node` : `${phase}, on node ${node}`
    return [
      `${head}: ${place}`,
      `The scheduler can't be asked: ${silence ?? 'it gives no answer'}`,
      ...(condition?.message ? [`  ${condition.message}`] : []),
      ...told,
    ]
  }
  return [`${head}: ${placeOf(decision)}`, ...attemptLines(decision), ...presentLines(decision), ...told]
}

function placeOf({ place, node, attempts, nextAttempt, waitsFor = [] }: SchedulingDecision): string {
  const tried = `after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`
  switch (place) {
    case 'bound':
      return `on node ${node ?? ''}`
    case 'being bound':
      return `being bound to node ${node ?? ''}`
    case 'being tried':
      return 'being tried at this moment'
    case 'active':
      return 'waits for its turn'
    case 'gated':
      return `held back by ${waitsFor.join(', ')}`
    case 'backoff':
      return `backs off ${tried}${nextAttempt === undefined ? '' : `, until ${nextAttempt}`}`
    case 'unschedulable':
      return `no node will do, ${tried}; waits for ${waitsFor.join(', ') || 'the cluster to change'}`
  }
}

function attemptLines({ lastAttempt }: SchedulingDecision): readonly string[] {
  if (!lastAttempt) return []
  if (lastAttempt.outcome === 'Refused') {
    const { message, victims = [], nominatedNode, time } = lastAttempt
    const going = victims.map(({ namespace, name, priority }) => `${namespace}/${name} (priority ${priority})`)
    return [
      `Last attempt (${time}): ${message}`,
      ...(nominatedNode === undefined ? [] : [`  Room is made on node ${nominatedNode}`]),
      ...(going.length === 0 ? [] : [`  These pods go for it: ${going.join(', ')}`]),
    ]
  }
  const { node, score, scores, feasibleNodes, evaluatedNodes, time } = lastAttempt
  const chosen = `${node} was chosen of ${feasibleNodes} nodes that would do, ${evaluatedNodes} looked at`
  if (scores.length === 0) return [`Last attempt (${time}): ${chosen}`]
  const width = Math.max(...scores.map(({ plugin }) => plugin.length))
  const rows = scores.map(
    ({ plugin, score: own, weight }) => `  ${plugin.padEnd(width)}  ${own} x ${weight} = ${own * weight}`,
  )
  return [`Last attempt (${time}): ${chosen}, with a score of ${score}`, ...rows]
}

function presentLines({ now, smallestChange }: SchedulingDecision): readonly string[] {
  if (!now) return []
  const lines = ['', 'Nodes at this moment', ...verdictLines(now)]
  if (!smallestChange) return lines
  const { node, changes } = smallestChange
  return [...lines, '', `The pod would fit on node ${node}, if`, ...changes.map((change) => `  ${changeText(change)}`)]
}

function verdictLines({ groups, omittedGroups = 0 }: Verdicts): readonly string[] {
  const lines = groups.flatMap(({ nodes, count, against }) => {
    const more = count > nodes.length ? ` and ${count - nodes.length} more` : ''
    const head = `  ${count} ${count === 1 ? 'node' : 'nodes'}: ${nodes.join(', ')}${more}`
    if (against.length === 0) return [head, '    will do']
    return [head, ...against.map(({ plugin, reasons }) => `    ${plugin || 'all'}: ${reasons.join(', ')}`)]
  })
  return omittedGroups === 0 ? lines : [...lines, `  and ${omittedGroups} more groups of nodes`]
}

function changeText(change: Change): string {
  switch (change.kind) {
    case 'resource': {
      const amount = (value: number): string => (change.resource === 'cpu' ? `${value}m` : String(value))
      const asked = `it asks for ${amount(change.requested)}, ${amount(change.free)} are free`
      return `${amount(change.short)} more of ${change.resource} were free (${asked})`
    }
    case 'toleration': {
      const { key, value, effect } = change.taint
      return `it tolerated the taint ${key}${value ? `=${value}` : ''}:${effect}`
    }
    case 'uncordon':
      return 'the node were uncordoned'
    case 'label':
      return `the node had the label ${change.key}=${change.wanted}${change.actual === undefined ? '' : `, not ${change.actual}`}`
    case 'other':
      return `${change.plugin || 'the scheduler'} had not found: ${change.reasons.join(', ')}`
  }
}
