/** The API's rules for a new pod by themselves: whoever needs no API server loads none with them. */
export { validatePodCreate } from './resources/core/pods/validation/create.ts'
