import type {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  SubjectRulesReviewStatus,
} from '#api/authorization/v1'
import { badRequest, invalid } from '#machinery'
import type { FieldError } from '#machinery'
import { answers } from '../../resource/registration.ts'
import type { ResourceRegistration } from '../../resource/registration.ts'
import { reviewAccess, reviewedUser } from './attributes.ts'
import { validateLocalReview, validateReview, validateSelfReview } from './validation.ts'

const place = 'authorization/v1'

/** Reviews are validated without their kind. */
function check(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', errors)
}

export const authorizationRegistrations: readonly ResourceRegistration[] = [
  {
    place,
    plural: 'subjectaccessreviews',
    create: answers<SubjectAccessReview>(async (review, _, { services }) => {
      check(validateReview(review))
      const { spec } = review
      return { ...review, status: await reviewAccess(services.authorizer, reviewedUser(spec), spec) }
    }),
  },
  {
    place,
    plural: 'localsubjectaccessreviews',
    create: answers<LocalSubjectAccessReview>(async (review, _, { services }) => {
      check(validateLocalReview(review))
      const { spec } = review
      return { ...review, status: await reviewAccess(services.authorizer, reviewedUser(spec), spec) }
    }),
  },
  {
    place,
    plural: 'selfsubjectaccessreviews',
    create: answers<SelfSubjectAccessReview>(async (review, _, { services, user }) => {
      check(validateSelfReview(review))
      return { ...review, status: await reviewAccess(services.authorizer, user, review.spec) }
    }),
  },
  {
    place,
    plural: 'selfsubjectrulesreviews',
    create: answers<SelfSubjectRulesReview>(async ({ kind, apiVersion, spec }, _, { services, user }) => {
      if (!spec.namespace) throw badRequest('no namespace on request')
      const { resourceRules, nonResourceRules, incomplete, error } = services.authorizer.rulesFor(user, spec.namespace)
      const status: SubjectRulesReviewStatus = {
        resourceRules,
        nonResourceRules,
        incomplete,
        ...(error === undefined ? {} : { evaluationError: error }),
      }
      return { ...(kind && apiVersion ? { kind, apiVersion } : {}), metadata: {}, spec: {}, status }
    }),
  },
]
