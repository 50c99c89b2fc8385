import { problems } from '#platform/contract/problem.ts'

export const conversationProblems = problems({
  'guests-open-direct-only': [
    403,
    'Guests may only open direct conversations. Ask a member to create the channel or group.',
  ],
  'guests-rename-none': [403, 'Guests cannot rename a public channel. Ask a member to do it.'],
  'name-taken': [
    409,
    'There is a channel of this name already, or of one that reads the same. Open it, or choose another name.',
  ],
  'name-is-fixed': [409, 'A direct conversation is named by its people.'],
  'bad-cursor': [422, 'This cursor is not one that the server gave for this list. Start again without it.'],
})
