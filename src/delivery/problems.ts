import { problems } from '#platform/contract/problem.ts'

export const deliveryProblems = problems({
  'conversation-not-found': [404, 'There is no such conversation, or it is not for you. Ask whoever sent the link.'],
  'bad-frame': [422, 'The stream does not understand this frame. Its shapes are described at /docs.'],
  'bad-position': [422, 'A position is a conversation id and the seq of the last event that you have.'],
  'too-many-positions': [422, 'A stream carries positions of at most 5,000 conversations.'],
  'server-stopping': [
    503,
    'This server is about to stop. Connect again: another one, or the next one, goes on from your position.',
  ],
})
