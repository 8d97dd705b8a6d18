export { buildImage } from './build.ts'
export type { ImageRecipe } from './build.ts'
export { recipes } from './recipes.ts'
