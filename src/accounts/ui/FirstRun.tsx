import { useState } from 'react'
import { getPlace, signUp } from '#accounts/contract.ts'
import { ApiProblem, call } from '#platform/ui/api.ts'
import { Button } from '#platform/ui/Button.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { checkEmail, checkName, checkPassword, checkPlaceName, checkSetupCode } from './check.ts'
import { FormFailure } from './FormFailure.tsx'
import { Harbour } from './Harbour.tsx'
import { passwordHint } from './password-hint.ts'
import { ServerReport } from './ServerReport.tsx'
import { signedIn } from './session.ts'
import { givenSetupCode } from './setup-code.ts'
import { useForm } from './useForm.ts'

/** Nobody is here yet: one form, and beside it only what the server has really said. */
export function FirstRun() {
  // Who came by the printed address has brought the code; it is shown to be mended if it turns out to be wrong.
  const [asksForCode, setAsksForCode] = useState(givenSetupCode() === '')
  const form = useForm(
    {
      code: { start: givenSetupCode(), check: checkSetupCode },
      place: { check: checkPlaceName },
      name: { check: checkName },
      email: { check: checkEmail },
      password: { check: checkPassword },
    },
    { focus: true },
  )
  const send = () =>
    form.submit(async ({ code, place, name, email, password }) => {
      const who = { name: name.trim(), email: email.trim(), password }
      const body = { ...who, placeName: place.trim(), setupCode: code.trim() }
      const me = await call(signUp, { body }, { asWhoever: true }).catch((error: unknown) => {
        if (error instanceof ApiProblem && error.code === 'wrong-setup-code') setAsksForCode(true)
        throw error
      })
      signedIn(me, await call(getPlace, {}, { asWhoever: true }))
    })
  return (
    <Harbour
      title="Set up your place"
      lede="One minute, and you can write the first message. The first account owns the place."
      aside={<ServerReport />}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <FormFailure failure={form.failure} wait={form.wait} />
        {asksForCode && (
          <Field
            label="Setup code"
            hint="Shows that you run this server. It is in the server’s file data/setup-code, or what its setting SETUP_CODE says."
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            {...form.props('code')}
          />
        )}
        <Field
          label="Name of the place"
          hint="Most teams take their company’s name. You can change it."
          autoComplete="organization"
          {...form.props('place')}
        />
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
          Create the place
        </Button>
      </form>
    </Harbour>
  )
}
