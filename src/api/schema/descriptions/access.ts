/** Who somebody is, what they may do, and the certificates by which they show it. */
export const accessDescriptions = `
@authentication.UserInfo A user, as the API server knows it.
extra Whatever else the authenticator tells of the user, as lists of texts by key.
groups Groups that the user is in.
uid What tells users of the same name apart, over time.
username Name of the user, unique among all users there are.

@authentication.SelfSubjectReview Tells users who the API server takes them for, after impersonation.
status Who the user is; filled in by the server.

@authentication.SelfSubjectReviewStatus Who the API server takes a user for.
userInfo The user who sent the request.

@authentication.TokenRequest Asks for a token of a service account.
spec What the token is to be.
status The token; filled in by the server.

@authentication.TokenRequestSpec What a token of a service account is to be.
audiences For whom the token is: they refuse tokens that do not name them. Those of the API server when empty.
boundObjectRef Object without which the token is no longer valid: a pod, secret or node.
expirationSeconds Seconds for which the token is valid, at least 600; 3600 when unset. The server may choose another time: see status.

@authentication.TokenRequestStatus A token of a service account.
expirationTimestamp When the token ends.
token The bearer token.

@authentication.BoundObjectReference What a token is bound to, and ends with.
apiVersion API version of the object.
kind Pod, Secret or Node.
name Name of the object.
uid UID of the object.

@authentication.TokenReview Asks whose a token is.
spec The token.
status Whose it is; filled in by the server.

@authentication.TokenReviewSpec A token, and for whom it should be.
audiences Names of whoever got the token: it has to be for one of them. Those of the API server when empty.
token The bearer token.

@authentication.TokenReviewStatus Whose a token is.
audiences Those of the audiences asked for that the token is valid for. Who asks for audiences should see that there is one here.
authenticated Whether the token belongs to a known user.
error Why the token could not be checked.
user The user whose token it is.

@authorization.SubjectAccessReview Asks whether a user or group may do something.
spec Who, and what.
status The answer; filled in by the server.

@authorization.SubjectAccessReviewSpec Who may do what: with a resource, or with a path that is none. One of the two is set.
extra What the authenticator tells of the user besides, as lists of texts by key.
groups Groups that the user is in; none of those that it may be in otherwise is added.
nonResourceAttributes A request for a path that is no resource.
resourceAttributes A request for a resource.
uid UID of the user.
user Name of the user. It may be empty when there are groups.

@authorization.SubjectAccessReviewStatus Whether somebody may do something.
allowed Whether it is allowed.
denied Whether it is refused outright. When it is neither allowed nor denied, the authorizers have no opinion, which refuses it, too.
evaluationError What went wrong on the way to the answer, which may be right all the same.
reason Why it is allowed or not.

@authorization.LocalSubjectAccessReview Asks whether a user or group may do something in the namespace that the question is put to.
spec Who, and what: with a resource of this namespace.
status The answer; filled in by the server.

@authorization.SelfSubjectAccessReview Asks whether the user who asks may do something.
spec What is to be done.
status The answer; filled in by the server.

@authorization.SelfSubjectAccessReviewSpec What a user wants to do: with a resource, or with a path that is none. One of the two is set.
nonResourceAttributes A request for a path that is no resource.
resourceAttributes A request for a resource.

@authorization.ResourceAttributes A request for a resource.
fieldSelector Fields that the objects are chosen by; it can only narrow what is asked for.
group Group of the resource, empty for the core group; * for all.
labelSelector Labels that the objects are chosen by; it can only narrow what is asked for.
name Name of the object; empty for all.
namespace Namespace of the object. Empty for all namespaces, or for resources outside of namespaces.
resource Resource, such as pods; * for all.
subresource Subresource, such as log; empty for none.
verb What is to be done: get, list, watch, create, update, patch, delete and others; * for all.
version Version of the resource; * for all.

@authorization.NonResourceAttributes A request for a path that is no resource.
path Path of the request.
verb Method of the request, in small letters, such as get.

@authorization.FieldSelectorAttributes Fields by which the objects of a request are chosen. One of the two is set.
rawSelector Field selector in the form of a query parameter. The server takes it apart; webhooks should leave it alone.
requirements Requirements on fields, all of which have to be met.

@authorization.LabelSelectorAttributes Labels by which the objects of a request are chosen. One of the two is set.
rawSelector Label selector in the form of a query parameter. The server takes it apart; webhooks should leave it alone.
requirements Requirements on labels, all of which have to be met.

@authorization.SelfSubjectRulesReview Asks what the user who asks may do in a namespace. The answer is for display; it is no substitute for asking about one request.
spec The namespace.
status The answer; filled in by the server.

@authorization.SelfSubjectRulesReviewSpec A namespace in which rights are asked for.
namespace Name of the namespace; it must not be empty.

@authorization.SubjectRulesReviewStatus What a user may do in a namespace.
evaluationError What went wrong on the way to the rules; there may be more of them than these.
incomplete Whether there may be more rules, such as those of an authorizer that can not list them.
nonResourceRules What may be done with paths that are no resources; in any order, some perhaps several times.
resourceRules What may be done with resources; in any order, some perhaps several times.

@authorization.ResourceRule What may be done with resources.
apiGroups Groups of the resources; * for all.
resourceNames Names of the objects; all when empty.
resources Resources, such as pods or pods/log. * stands for all, */scale for all subresources of that name.
verbs What may be done: get, list, watch, create, update, patch, delete and others; * for all.

@authorization.NonResourceRule What may be done with paths that are no resources.
nonResourceURLs Paths; a * at the end for all below, * alone for all.
verbs Methods, in small letters, such as get; * for all.

@certificates.CertificateSigningRequest Asks a signer for an X.509 certificate; somebody has to approve it.
spec What is asked for. Nothing of it can be changed later.
status Whether it was approved, and the certificate.

@certificates.CertificateSigningRequestSpec What certificate is asked for, of whom, by whom.
expirationSeconds Seconds for which the certificate should be valid, at least 600. The signer may choose another time.
extra What the authenticator told of the user who asks; set by the server.
groups Groups of the user who asks; set by the server.
request The certificate signing request: PEM of type CERTIFICATE REQUEST, in base64.
signerName Who is to sign, such as kubernetes.io/kube-apiserver-client or a name with a domain of one's own. Usable as a field selector.
uid UID of the user who asks; set by the server.
usages What the key is to be used for, such as digital signature, key encipherment, client auth or server auth; signers allow some of them.
username Name of the user who asks; set by the server.

@certificates.CertificateSigningRequestStatus Whether a certificate was approved, and the certificate.
certificate The certificate and those between it and its root: PEM, in base64. Set by the signer once the request is approved; it can not be changed.
conditions Conditions: Approved, Denied, Failed.

@certificates.CertificateSigningRequestCondition Something that is so of a request for a certificate.
lastTransitionTime When the status changed last; set by the server when it is not given.
lastUpdateTime When the condition was changed last.
message What there is to say of it, for people.
reason Why it is so, in one word for programs.
status True, False or Unknown; only True for Approved, Denied and Failed.
type Approved or Denied, set through the subresource approval and not taken back; Failed when the signer could not sign.
`
