/**
 * Answers many questions of one kind with one statement: what is asked while `atOnce` are under way goes with the next,
 * at most `most` at a time. So thousands who come back together cost dozens of statements, and leave the pool to others.
 * `answer` gives its answers in the order of the questions; if it rejects, all of them are told.
 */
export function batched<Question, Answer>(
  answer: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  { most = 500, atOnce = 1 }: { most?: number; atOnce?: number } = {},
): (question: Question) => Promise<Answer> {
  let waiting: { question: Question; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = []
  let underWay = 0

  const next = async () => {
    const asked = waiting.slice(0, most)
    waiting = waiting.slice(most)
    try {
      const answers = await answer(asked.map(({ question }) => question))
      for (const [index, { resolve }] of asked.entries()) resolve(answers[index]!)
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
  const drain = () => {
    while (waiting.length && underWay < atOnce) {
      underWay += 1
      void next().finally(() => {
        underWay -= 1
        drain()
      })
    }
  }
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      drain()
    })
}
