/** The release whose API and behaviour this is. */
export const kubernetesVersion = 'v1.36.2'
