import { useCallback, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { previewPasswordReset, resetPassword } from '#accounts/administration-contract.ts'
import type { PasswordResetPreview } from '#accounts/shapes.ts'
import { ApiProblem, call, explain } from '#platform/ui/api.ts'
import { Button } from '#platform/ui/Button.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { Bone, Skeleton } from '#platform/ui/Skeleton.tsx'
import { TryAgain } from '#platform/ui/TryAgain.tsx'
import { toast } from '#platform/ui/toast.ts'
import { isolated } from '#platform/ui/isolate.ts'
import { checkPassword } from './check.ts'
import { FormFailure } from './FormFailure.tsx'
import { Harbour } from './Harbour.tsx'
import { passwordHint } from './password-hint.ts'
import { look } from './session.ts'
import { useForm } from './useForm.ts'

type Asked =
  | { state: 'asking' }
  | { state: 'open'; preview: PasswordResetPreview }
  | { state: 'set'; preview: PasswordResetPreview }
  | { state: 'refused'; words: string; final: boolean }

/**
 * The token stands behind `#`, which browsers send to nobody. It leaves the address at once, so that neither a picture of
 * the screen nor the browser's history has it; a reload of this very page finds it in the entry's state.
 */
function takeToken(): string {
  const state = history.state as { reset?: unknown } | null
  const token = location.hash.slice(1)
  if (token) history.replaceState({ ...state, reset: token }, '', location.pathname)
  return token || (typeof state?.reset === 'string' ? state.reset : '')
}

/** Where a reset link leads: a new password, without the old one. */
export function ResetPassword() {
  const [token] = useState(takeToken)
  const [asked, setAsked] = useState<Asked>({ state: 'asking' })
  const ask = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const preview = await call(
          previewPasswordReset,
          { body: { token: token || '-' } },
          { ...(signal && { signal }), asWhoever: true },
        )
        setAsked({ state: 'open', preview })
      } catch (error) {
        if (signal?.aborted) return
        const final = error instanceof ApiProblem && error.status < 500 && error.status !== 429
        setAsked({ state: 'refused', words: explain(error), final })
      }
    },
    [token],
  )
  useEffect(() => {
    const stop = new AbortController()
    // oxlint-disable-next-line react/set-state-in-effect -- it is set when the answer is here, not in the effect
    void ask(stop.signal)
    return () => stop.abort()
  }, [ask])

  if (asked.state === 'asking') {
    return (
      <Harbour title="A new password" lede="Asking whose link this is.">
        <Skeleton label="Loading the link">
          <Bone inlineSize="100%" blockSize="2.25rem" radius="var(--radius-md)" />
        </Skeleton>
      </Harbour>
    )
  }
  if (asked.state === 'refused') {
    return (
      <Harbour title={asked.final ? 'This link no longer works' : 'A new password'} lede={asked.words}>
        {asked.final ? (
          <GoOn title="Go to the place" />
        ) : (
          <TryAgain
            onPress={() => {
              setAsked({ state: 'asking' })
              void ask()
            }}
          />
        )}
      </Harbour>
    )
  }
  const { preview } = asked
  if (asked.state === 'set') {
    return (
      <Harbour
        title="Your password is set"
        lede={`Sign in to ${isolated(preview.placeName)} as ${preview.email} with the new one. All sessions of before have ended.`}
      >
        <GoOn title="Sign in" />
      </Harbour>
    )
  }
  return (
    <Harbour
      title={`A new password for ${isolated(preview.name)}`}
      lede={`You sign in to ${isolated(preview.placeName)} as ${preview.email}. Setting it signs you out everywhere.`}
    >
      <NewPassword
        token={token}
        preview={preview}
        onSet={() => setAsked({ state: 'set', preview })}
        onEnded={setAsked}
      />
    </Harbour>
  )
}

function NewPassword(props: {
  token: string
  preview: PasswordResetPreview
  onSet: () => void
  onEnded: (asked: Asked) => void
}) {
  const { token, preview, onSet, onEnded } = props
  const form = useForm({ password: { check: checkPassword } }, { focus: true })
  const send = () =>
    form.submit(async ({ password }) => {
      try {
        await call(resetPassword, { body: { token, password } }, { asWhoever: true })
      } catch (error) {
        if (!(error instanceof ApiProblem && error.code === 'reset-link-ended')) throw error
        return onEnded({ state: 'refused', words: explain(error), final: true })
      }
      history.replaceState(null, '', location.pathname)
      onSet()
    })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <FormFailure failure={form.failure} wait={form.wait} />
      {/* Password managers want to know whose it is. */}
      <input type="email" autoComplete="username" value={preview.email} readOnly hidden />
      <Field
        label="New password"
        type="password"
        autoComplete="new-password"
        {...passwordHint(form.values.password)}
        {...form.props('password')}
      />
      <Button kind="primary" wide type="submit" loading={form.busy}>
        Set the password
      </Button>
    </form>
  )
}

/** Whoever is signed in here may have been signed out by this: the page asks before it goes on. */
function GoOn({ title }: { title: string }) {
  const [, go] = useLocation()
  const [busy, setBusy] = useState(false)
  const press = async () => {
    setBusy(true)
    await look().catch((error: unknown) => toast(explain(error), { danger: true }))
    go('/', { replace: true })
  }
  return (
    <Button kind="primary" wide loading={busy} onClick={() => void press()}>
      {title}
    </Button>
  )
}
