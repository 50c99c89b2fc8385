import { deliveryProblems } from '#delivery/problems.ts'
import { problems } from '#platform/contract/problem.ts'

export const memberProblems = {
  'conversation-not-found': deliveryProblems['conversation-not-found'],
  ...problems({
    'member-not-found': [404, 'This person is not a member of the conversation.'],
    'thread-not-found': [404, 'There is no such thread in this conversation.'],
    'not-a-member': [403, 'You can read this channel; join it to take part.'],
    'not-yours-to-change': [403, 'Only owners of the conversation or of the place may do this.'],
    'conversation-archived': [409, 'This conversation is archived: it can be read, and no longer be changed.'],
    'direct-is-fixed': [409, 'A direct conversation is for exactly these people. Create a group for others.'],
    'unknown-account': [422, 'One of these people is not an account of this place.'],
    'deactivated-account': [422, 'One of these people has been deactivated. Leave them out, or have them restored.'],
    'too-many-members': [422, 'A group or direct conversation has at most 50 people. Create a channel for more.'],
    'bad-cursor': [422, 'This cursor is not one that the server gave for this list. Start again without it.'],
  }),
}
