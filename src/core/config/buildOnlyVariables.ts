/**
 * Variables that compilers and package managers read, and those by which the images of languages say how they were made: a
 * program that is built does not ask for them. By the Dockerfiles of the official images
 * (https://github.com/docker-library/official-images) and the manuals of the tools.
 */
const names = new Set([
  'DEBIAN_FRONTEND',
  'GOLANG_VERSION',
  'GOTOOLCHAIN',
  'GOPATH',
  'GOCACHE',
  'GOMODCACHE',
  'GOFLAGS',
  'GOPROXY',
  'GOSUMDB',
  'GOPRIVATE',
  'CGO_ENABLED',
  'RUSTUP_HOME',
  'RUSTUP_VERSION',
  'RUST_VERSION',
  'RUSTFLAGS',
  'GCC_VERSION',
  'GPG_KEY',
  'GPG_KEYS',
  'NODE_VERSION',
  'YARN_VERSION',
  'PYTHON_VERSION',
  'PYTHON_SHA256',
  'PYTHON_PIP_VERSION',
  'PYTHON_SETUPTOOLS_VERSION',
  'PYTHON_GET_PIP_URL',
  'PYTHON_GET_PIP_SHA256',
  'RUBY_VERSION',
  'JAVA_VERSION',
  'PHPIZE_DEPS',
  'PHP_VERSION',
  'PHP_URL',
  'PHP_ASC_URL',
  'PHP_SHA256',
  'PHP_CFLAGS',
  'PHP_CPPFLAGS',
  'PHP_LDFLAGS',
  'COMPOSER_ALLOW_SUPERUSER',
]);
const beginnings = /^(?:CARGO_|PIP_|npm_config_|NPM_CONFIG_|MAVEN_|GRADLE_|RUBY_DOWNLOAD_|UV_|POETRY_|HOMEBREW_)/;

export function buildOnlyVariable(name: string): boolean {
  return names.has(name) || beginnings.test(name);
}
