import type { Authorizer, Decision } from './authorizer.ts'

const allow: Decision = { verdict: 'allow', reason: '' }
const noOpinion: Decision = { verdict: 'no opinion', reason: '' }
const noRules = { resourceRules: [], nonResourceRules: [], incomplete: false } as const

/** The group whose members may do everything, whatever other authorizers say. */
export const privilegedGroup = 'system:masters'

export const privilegedGroupAuthorizer: Authorizer = {
  authorize: ({ user }) => (user.groups.includes(privilegedGroup) ? allow : noOpinion),
  rulesFor: () => noRules,
}

export const alwaysAllow: Authorizer = {
  authorize: () => allow,
  rulesFor: () => ({
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    incomplete: false,
  }),
}

export const alwaysDeny: Authorizer = {
  authorize: () => ({ verdict: 'no opinion', reason: 'Everything is forbidden.' }),
  rulesFor: () => noRules,
}
