import { problems } from '../contract/problem.ts'

/** Refusals that any operation can give, before its feature is asked. */
export const httpProblems = problems({
  'malformed-json': [400, 'The body is not valid JSON.'],
  'wrong-encoding': [400, 'The body is not valid UTF-8.'],
  'bad-request': [400, 'The request could not be understood.'],
  'signed-out': [401, 'You are not signed in, or your session has ended. Sign in and try again.'],
  'not-allowed': [403, 'Your role does not allow this. Ask an owner of the place.'],
  'foreign-origin': [
    403,
    'This page may not speak to this server. An operator can allow it with PUBLIC_URL or UI_ORIGIN.',
  ],
  'no-such-route': [404, 'There is nothing at this address. The API is described at /docs.'],
  'other-account': [
    409,
    'This was meant for another account than the one that is signed in here now. Nothing was done.',
  ],
  'too-slow': [408, 'The request did not arrive in time. Send it again.'],
  'changed-meanwhile': [
    409,
    'Something that this refers to came or went at the same moment. Look again, then try again.',
  ],
  'body-too-large': [413, 'The body is larger than this operation takes.'],
  'wrong-media-type': [415, 'This operation does not take a body of this content type.'],
  'wrong-host': [
    421,
    'This server does not go by the name that it was asked for. An operator can add the name to HOSTS, or set PUBLIC_URL.',
  ],
  'wrong-type': [422, 'A part of the request has the wrong type.'],
  'unknown-field': [422, 'The request has a field that this operation does not know.'],
  'missing-field': [422, 'The request lacks a field that this operation needs.'],
  'too-long': [422, 'A part of the request is longer than allowed.'],
  'too-many-values': [422, 'The request has more values in it than this operation takes.'],
  'too-short': [422, 'A part of the request is shorter than allowed.'],
  'wrong-format': [422, 'A part of the request does not have the form that it needs.'],
  'out-of-range': [422, 'A part of the request is not among the allowed values.'],
  'unstorable-text': [422, 'A text has a NUL character or half of a surrogate pair, which cannot be stored.'],
  'slow-down': [429, 'That was quick. Wait as long as Retry-After says, then go on.'],
  'headers-too-large': [431, 'The headers of the request are larger than this server takes.'],
  internal: [500, 'Something failed on our side. Nothing that was acknowledged is lost.'],
  unavailable: [503, 'The server cannot answer just now. Try again in a moment.'],
})
