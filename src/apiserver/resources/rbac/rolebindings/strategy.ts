import type { Strategy } from '../../../resource/strategy.ts'
import { bindingStrategy } from '../binding-strategy.ts'

export const roleBindingStrategy: Strategy = bindingStrategy({
  plural: 'rolebindings',
  namespaced: true,
  kinds: ['Role', 'ClusterRole'],
})
