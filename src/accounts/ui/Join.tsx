import { useCallback, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { previewInvitation } from '#accounts/administration-contract.ts'
import { signUp } from '#accounts/contract.ts'
import type { InvitationPreview } from '#accounts/shapes.ts'
import { ApiProblem, call, explain } from '#platform/ui/api.ts'
import { Button, LinkButton } from '#platform/ui/Button.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { Bone, Skeleton } from '#platform/ui/Skeleton.tsx'
import { TryAgain } from '#platform/ui/TryAgain.tsx'
import { useStore } from '#platform/ui/store.ts'
import { isolated } from '#platform/ui/isolate.ts'
import { checkEmail, checkName, checkPassword } from './check.ts'
import { FormFailure } from './FormFailure.tsx'
import { Harbour } from './Harbour.tsx'
import { passwordHint } from './password-hint.ts'
import { session, signedIn, signOut } from './session.ts'
import { useForm } from './useForm.ts'

type Asked =
  | { state: 'asking' }
  | { state: 'welcome'; preview: InvitationPreview }
  | { state: 'refused'; words: string; final: boolean }

/** Where an invitation link leads; without a token, sign-up to a place that is open to all. */
export function Join({ token }: { token: string | undefined }) {
  const now = useStore(session)
  if (now.state === 'signed-in') return <AlreadyHere place={now.place.name} me={now.me.name} />
  if (token !== undefined) return <Invited token={token} />
  const place = 'place' in now ? now.place : undefined
  if (place?.signUp !== 'open') {
    return (
      <Harbour title="By invitation" lede="This place takes new people by invitation. Ask somebody here for a link.">
        <SignInInstead />
      </Harbour>
    )
  }
  return (
    <Harbour title={`Join ${isolated(place.name)}`} lede="Everybody may make an account here.">
      <SignUpForm invitation={undefined} place={place.name} />
    </Harbour>
  )
}

function Invited({ token }: { token: string }) {
  const [asked, setAsked] = useState<Asked>({ state: 'asking' })
  const ask = useCallback(
    (signal: AbortSignal) =>
      call(previewInvitation, { params: { token } }, { signal }).then(
        (preview) => setAsked({ state: 'welcome', preview }),
        (error: unknown) => {
          if (signal.aborted) return
          const final = error instanceof ApiProblem && error.status < 500 && error.status !== 429
          setAsked({ state: 'refused', words: explain(error), final })
        },
      ),
    [token],
  )
  useEffect(() => {
    const stop = new AbortController()
    void ask(stop.signal)
    return () => stop.abort()
  }, [ask])

  if (asked.state === 'asking') {
    return (
      <Harbour title="An invitation" lede="Asking where it leads.">
        <Skeleton label="Loading the invitation">
          <Bone inlineSize="100%" blockSize="2.25rem" radius="var(--radius-md)" />
        </Skeleton>
      </Harbour>
    )
  }
  if (asked.state === 'refused') {
    return (
      <Harbour title={asked.final ? 'This link no longer works' : 'An invitation'} lede={asked.words}>
        {asked.final ? (
          <SignInInstead />
        ) : (
          <TryAgain
            onPress={() => {
              setAsked({ state: 'asking' })
              void ask(new AbortController().signal)
            }}
          />
        )}
      </Harbour>
    )
  }
  const { placeName, invitedBy, role } = asked.preview
  return (
    <Harbour
      title={`Join ${isolated(placeName)}`}
      lede={
        role === 'guest'
          ? `${isolated(invitedBy)} invites you as a guest: you see the conversations that you are added to.`
          : `${isolated(invitedBy)} invites you. Make an account and you are in.`
      }
    >
      <SignUpForm invitation={token} place={placeName} />
    </Harbour>
  )
}

function SignUpForm({ invitation, place }: { invitation: string | undefined; place: string }) {
  const [, go] = useLocation()
  const form = useForm(
    {
      name: { check: checkName },
      email: { check: checkEmail },
      password: { check: checkPassword },
    },
    { focus: true },
  )
  const send = () =>
    form.submit(async ({ name, email, password }) => {
      const body = { name: name.trim(), email: email.trim(), password, ...(invitation ? { invitation } : {}) }
      const me = await call(signUp, { body }, { asWhoever: true })
      go('/', { replace: true })
      signedIn(me)
    })
  return (
    <>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <FormFailure failure={form.failure} wait={form.wait} />
        <Field label="Your name" autoComplete="name" {...form.props('name')} />
        <Field label="E-mail" type="email" autoComplete="username" {...form.props('email')} />
        <Field
          label="Password"
          type="password"
          autoComplete="new-password"
          {...passwordHint(form.values.password)}
          {...form.props('password')}
        />
        <Button kind="primary" wide type="submit" loading={form.busy}>
          Join <bdi>{place}</bdi>
        </Button>
      </form>
      <SignInInstead />
    </>
  )
}

function SignInInstead() {
  return (
    <p className="below">
      You have an account here? <Link href="/sign-in">Sign in</Link>
    </p>
  )
}

function AlreadyHere({ place, me }: { place: string; me: string }) {
  const [, go] = useLocation()
  return (
    <Harbour
      title={`You are in ${isolated(place)} already`}
      lede={`Signed in as ${isolated(me)}. The link is for somebody who has no account yet.`}
    >
      <Button kind="primary" wide onClick={() => go('/', { replace: true })}>
        Open <bdi>{place}</bdi>
      </Button>
      <p className="below">
        Somebody else? <LinkButton onClick={signOut}>Sign out</LinkButton>
      </p>
    </Harbour>
  )
}
