export { simulatedNodeController, simulatedPodController } from './controllers.ts'
export { exitCodeAnnotation, runForAnnotation } from './options.ts'
export type { SimulatedNode, SimulationOptions } from './options.ts'
