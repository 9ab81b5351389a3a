/** Answers to questions about one thing, each worked out when it is first asked. A question is known by its function. */
export class Answers<Subject> {
  readonly #known = new Map<(subject: Subject) => unknown, unknown>();

  of<T>(question: (subject: Subject) => T, subject: Subject): T {
    if (!this.#known.has(question)) this.#known.set(question, question(subject));
    return this.#known.get(question) as T;
  }
}
