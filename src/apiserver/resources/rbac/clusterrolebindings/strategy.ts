import type { Strategy } from '../../../resource/strategy.ts'
import { bindingStrategy } from '../binding-strategy.ts'

export const clusterRoleBindingStrategy: Strategy = bindingStrategy({
  plural: 'clusterrolebindings',
  namespaced: false,
  kinds: ['ClusterRole'],
})
