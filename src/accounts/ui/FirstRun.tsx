import { getPlace, signUp } from '#accounts/contract.ts'
import { call } from '#platform/ui/api.ts'
import { Button } from '#platform/ui/Button.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { checkEmail, checkName, checkPassword, checkPlaceName } from './check.ts'
import { FormFailure } from './FormFailure.tsx'
import { Harbour } from './Harbour.tsx'
import { passwordHint } from './password-hint.ts'
import { ServerReport } from './ServerReport.tsx'
import { signedIn } from './session.ts'
import { useForm } from './useForm.ts'

/** Nobody is here yet: one form, and beside it only what the server has really said. */
export function FirstRun() {
  const form = useForm(
    {
      place: { check: checkPlaceName },
      name: { check: checkName },
      email: { check: checkEmail },
      password: { check: checkPassword },
    },
    { focus: true },
  )
  const send = () =>
    form.submit(async ({ place, name, email, password }) => {
      const body = { placeName: place.trim(), name: name.trim(), email: email.trim(), password }
      const me = await call(signUp, { body }, { asWhoever: true })
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
