// A reporter that prints nothing: with --test-isolation=none, Node.js 26 prints a failing after() hook of a file
// as a failure but ends with exit code 0.

// oxlint-disable-next-line import/no-default-export, require-yield -- the form that Node's test runner asks for
export default async function* failOnFailure(events) {
  for await (const { type, data } of events) {
    if (type === 'test:fail' && data.todo === undefined) process.exitCode = 1
  }
}
