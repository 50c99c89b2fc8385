import { problems } from '#platform/contract/problem.ts'

export const messageProblems = problems({
  'message-not-found': [404, 'There is no such message here, or it is not for you.'],
  'not-your-message': [403, 'Only whoever wrote a message may do this.'],
  'message-deleted': [409, 'This message was deleted; nothing can be added to it.'],
  'empty-message': [422, 'A message needs at least one character that can be seen.'],
  'message-too-long': [422, 'A message has at most 20,000 characters. Shorten it, or send it in parts.'],
  'reply-to-a-reply': [422, 'Threads have one level: reply to the message that began the thread.'],
  'not-an-emoji': [422, 'A reaction is one emoji.'],
  'too-many-reactions': [409, 'A message has at most 50 different reactions.'],
  'ambiguous-cursor': [422, 'Give one of before, after and around, not several.'],
  'bad-cursor': [422, 'This cursor is not one that the server gave for this list. Start again without it.'],
  'queue-full': [
    503,
    'More is being sent than can be kept just now. Your text is not lost: send it again in a moment.',
  ],
})
