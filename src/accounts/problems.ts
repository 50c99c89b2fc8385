import { problems } from '#platform/contract/problem.ts'

export const accountProblems = problems({
  'wrong-credentials': [401, 'E-mail and password do not match. Check both.'],
  'sign-up-closed': [403, 'This place takes new people by invitation. Ask somebody here for a link.'],
  'account-deactivated': [
    403,
    'This account has been deactivated. Ask an owner or admin of the place to restore it; what you wrote is kept.',
  ],
  'setup-code-needed': [
    403,
    'The first account needs the setup code. It is in the file setup-code of the data folder, or what SETUP_CODE says.',
  ],
  'wrong-setup-code': [
    403,
    'This is not the setup code. It is in the file setup-code of the data folder, or what SETUP_CODE says; npm run setup-code makes a new one.',
  ],
  'account-not-found': [404, 'There is nobody here by that id, or nobody you share a conversation with.'],
  'session-not-found': [404, 'There is no such session: it has ended, or was never there.'],
  'avatar-not-found': [404, 'This account has no such picture.'],
  'invitation-not-found': [404, 'There is no such invitation. Ask whoever sent the link for a new one.'],
  'email-taken': [409, 'There is an account with this e-mail already. Sign in instead.'],
  'looks-like-another': [
    409,
    'This name could be taken for that of somebody who runs this place. Choose one that tells you apart.',
  ],
  'has-a-double': [
    409,
    'Somebody else here has a name that reads the same, and whoever runs the place must not be mistaken for another. One of the two changes their name first.',
  ],
  'last-owner': [409, 'A place needs an owner. Make somebody else an owner first.'],
  'not-while-deactivated': [409, 'This account is deactivated. Restore it first.'],
  'reset-link-ended': [
    410,
    'This link has expired, was used or was replaced by a newer one. Ask an owner or admin of the place for a new one.',
  ],
  'invitation-ended': [410, 'This invitation has expired, was taken back or has been used up. Ask for a new link.'],
  'bad-cursor': [422, 'This cursor is not one that the server gave for this list. Start again without it.'],
  'not-a-picture': [422, 'This file is not a picture that can be shown. Use PNG, JPEG, WebP, AVIF or GIF.'],
  'unknown-conversation': [422, 'An invitation can only lead to channels and groups that you are a member of.'],
  'weak-password': [
    422,
    'This password is too easy to guess: it is much used, or hardly more than a name. A short sentence of your own is easy to keep.',
  ],
})
