import { changePassword } from '#accounts/contract.ts'
import { ApiProblem, call, Refused } from '#platform/ui/api.ts'
import { Button } from '#platform/ui/Button.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { toast } from '#platform/ui/toast.ts'
import { checkPassword } from '../check.ts'
import { FormFailure } from '../FormFailure.tsx'
import { passwordHint } from '../password-hint.ts'
import { useMe } from '../session.ts'
import { useForm } from '../useForm.ts'
import { Page } from './Setting.tsx'

export function ChangePassword() {
  const me = useMe()
  const form = useForm({
    current: { check: (typed) => (typed === '' ? 'Write the password that you have now.' : undefined) },
    password: { check: checkPassword },
  })
  const send = () =>
    form.submit(async ({ current, password }) => {
      try {
        await call(changePassword, { body: { current, next: password } })
      } catch (error) {
        if (error instanceof ApiProblem && error.code === 'wrong-credentials')
          throw new Refused('That is not your password until now.', { cause: error })
        throw error
      }
      form.reset()
      toast('Your password is changed. Your other sessions have ended.')
    })
  return (
    <Page title="Password" lede="Changing it signs you out everywhere else.">
      <form
        className="narrow"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <FormFailure failure={form.failure} wait={form.wait} />
        {/* Password managers want to know whose it is. */}
        <input type="email" autoComplete="username" value={me.email} readOnly hidden />
        <Field label="Password until now" type="password" autoComplete="current-password" {...form.props('current')} />
        <Field
          label="New password"
          type="password"
          autoComplete="new-password"
          {...passwordHint(form.values.password)}
          {...form.props('password')}
        />
        <Button kind="primary" type="submit" loading={form.busy}>
          Change password
        </Button>
      </form>
    </Page>
  )
}
