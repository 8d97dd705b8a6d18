export { buildImage } from './build.ts'
export { recipes } from './recipes.ts'
