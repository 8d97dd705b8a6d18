/** Events, as their own group has them. */
export const eventDescriptions = `
@events.Event Something that happened to an object, told for a while.
action What was done, or failed, in one word for programs; at most 128 characters.
deprecatedCount How often it happened; of events that were written through the core group.
deprecatedFirstTimestamp When it happened first; of events that were written through the core group.
deprecatedLastTimestamp When it happened last; of events that were written through the core group.
deprecatedSource Component and node that tell of it; of events that were written through the core group.
eventTime When it was first seen.
note What happened, for people; at most 1024 characters.
reason Why it was done, in one word; at most 128 characters.
regarding Object that it happened to.
related Another object that has to do with it.
reportingController Controller that tells of it, such as kubernetes.io/kubelet.
reportingInstance Which of its processes that was; at most 128 characters.
series How it happened again and again; unset when it happened once.
type Normal or Warning.

@events.EventSeries How something happened again and again.
count How often it has happened; at least 2.
lastObservedTime When it was last seen.
`
