/**
 * Whether a file of this name (without its folder) is a Dockerfile: `Dockerfile`, `Dockerfile.*`, `*.dockerfile`,
 * `Containerfile`, `Containerfile.*`, in any case. `Dockerfile.dockerignore` is the ignore file of `Dockerfile`.
 */
export function isDockerfileName(name: string): boolean {
  return /^(?:(?:docker|container)file(?:\..+)?|.+\.dockerfile)$/i.test(name) && !/\.dockerignore$/i.test(name);
}
