import { useEffect } from 'react'
import { Link } from 'wouter'
import { signIn } from '#accounts/contract.ts'
import { call } from '#platform/ui/api.ts'
import { Button } from '#platform/ui/Button.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { useStore } from '#platform/ui/store.ts'
import { isolated } from '#platform/ui/isolate.ts'
import { checkEmail } from './check.ts'
import { FormFailure } from './FormFailure.tsx'
import { Harbour } from './Harbour.tsx'
import { session, signedIn } from './session.ts'
import { useForm } from './useForm.ts'

/** Says nothing about which of the two was wrong; takes the place of any page, so its address opens afterwards. */
export function SignIn() {
  const now = useStore(session)
  const ended = now.state === 'signed-out' ? now.ended : now.state === 'other-account' ? now.mine : null
  const place = 'place' in now ? now.place : undefined
  const form = useForm(
    {
      email: { start: ended?.email ?? '', check: checkEmail },
      password: { check: (typed) => (typed === '' ? 'Write your password.' : undefined) },
    },
    { focus: true },
  )
  const wrong = form.failure !== undefined && form.wait === 0
  useEffect(() => {
    if (wrong) document.querySelector<HTMLInputElement>('input[name="password"]')?.select()
  }, [wrong])
  const send = () =>
    form.submit(async ({ email, password }) =>
      signedIn(await call(signIn, { body: { email: email.trim(), password } }, { asWhoever: true })),
    )
  return (
    <Harbour
      title={place ? `Sign in to ${isolated(place.name)}` : 'Sign in'}
      lede={
        ended
          ? 'Your session has ended. Sign in to go on where you were; what you wrote is kept.'
          : 'Welcome back. Your drafts are where you left them.'
      }
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <FormFailure failure={form.failure} wait={form.wait} />
        <Field label="E-mail" type="email" autoComplete="username" {...form.props('email')} />
        <Field label="Password" type="password" autoComplete="current-password" {...form.props('password')} />
        <Button kind="primary" wide type="submit" loading={form.busy}>
          Sign in
        </Button>
      </form>
      {place?.signUp === 'open' && (
        <p className="below">
          New here? <Link href="/join">Make an account</Link>
        </p>
      )}
    </Harbour>
  )
}
