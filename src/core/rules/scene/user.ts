/** Whether a user is root, as `USER` and `chown` name it: by name or number, with or without a group. */
export function isRoot(user: string): boolean {
  return /^(?:root|0)(?::|$)/.test(user);
}

/** Whether a user is a number, and a group as well where one is named: then it needs no entry among the accounts. */
export function isNumeric(user: string): boolean {
  return /^\d+(?::\d+)?$/.test(user);
}
