/** What a toleration of a node's taints says, and one of a device's. */
export interface TolerationTerms {
  readonly key?: string
  readonly operator?: string
  readonly value?: string
  readonly effect?: string
}

export interface TaintTerms {
  readonly key: string
  readonly value?: string
  readonly effect: string
}

/** Whether a toleration puts up with a taint. Only `Exists` and `Equal` are known; none means `Equal`. */
export function tolerates(toleration: TolerationTerms, taint: TaintTerms): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  switch (toleration.operator ?? '') {
    case '':
    case 'Equal':
      return (toleration.value ?? '') === (taint.value ?? '')
    case 'Exists':
      return true
    default:
      return false
  }
}
