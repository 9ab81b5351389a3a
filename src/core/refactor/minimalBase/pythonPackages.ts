import type { SwapSubject } from './subject.ts';

/** The packages that a Python image installs, by what it takes to install them. */
export interface PythonPackages {
  /** A lock file lists them all, with the files that there are. */
  readonly isLocked: boolean;
  /** There are no wheels: they are compiled. */
  readonly compiled: readonly string[];
  /** There are wheels for glibc; whether for musl too is not known. */
  readonly wheels: readonly string[];
  readonly unknown: readonly string[];
}

/** Packages that are Python alone. */
const pure: ReadonlySet<string> = new Set(
  (
    'alembic anyio asgiref attrs beautifulsoup4 blinker boto3 botocore cachetools celery certifi charset-normalizer click colorama ' +
    'django django-cors-headers django-filter djangorestframework dnspython docutils fastapi flask flask-cors flask-login flask-migrate ' +
    'flask-sqlalchemy flask-wtf gunicorn h11 httpcore httpx idna importlib-metadata iniconfig itsdangerous jinja2 jmespath jsonschema ' +
    'kombu loguru mako markdown markdown-it-py marshmallow mdurl mkdocs oauthlib openpyxl packaging paho-mqtt passlib pip pluggy ' +
    'prometheus-client prompt-toolkit pyasn1 pycparser pydantic-settings pygments pyjwt pymysql pyparsing pytest python-dateutil ' +
    'python-dotenv python-jose python-multipart pytz redis requests requests-oauthlib rich rsa s3transfer setuptools simplejson six ' +
    'sniffio soupsieve sqlparse starlette structlog tabulate tenacity toml tomli tqdm typer typing-extensions tzdata tzlocal ' +
    'urllib3 uvicorn waitress webencodings websocket-client werkzeug wheel whitenoise wtforms zipp'
  ).split(' '),
);

/** Packages with compiled parts and wheels for glibc, without libraries of the system. */
const wheels: ReadonlySet<string> = new Set(
  (
    'aiohttp argon2-cffi bcrypt cffi contourpy cryptography cython duckdb frozenlist gevent greenlet grpcio httptools kiwisolver lxml ' +
    'markupsafe matplotlib msgpack multidict numpy onnxruntime opencv-python-headless orjson pandas pillow polars protobuf psutil ' +
    'psycopg-binary psycopg2-binary pyarrow pydantic pydantic-core pymongo pynacl pyyaml pyzmq regex rpds-py ruamel-yaml-clib ' +
    'scikit-learn scipy sentencepiece sqlalchemy tiktoken tokenizers torch torchvision tornado ujson uvloop watchfiles websockets wrapt yarl'
  ).split(' '),
);

/** Packages that are compiled wherever they are installed. */
const compiled: ReadonlySet<string> = new Set(
  'dlib mysqlclient psycopg2 pycairo pycups pycurl pygobject pygraphviz python-ldap python-snappy pyodbc uwsgi xmlsec'.split(
    ' ',
  ),
);

/** What the context's lock file or requirements say, the former first; undefined where there is neither. */
export function readPythonPackages(subject: SwapSubject): PythonPackages | undefined {
  const { project } = subject;
  for (const name of ['uv.lock', 'poetry.lock']) {
    const path = project.files.find((file) => file === name || file.endsWith(`/${name}`));
    const text = path === undefined ? undefined : project.text(path);
    if (text !== undefined) return readLock(text, subject.facts.language?.version ?? '');
  }
  const named = requirementFiles(subject);
  const direct = directPackages(subject);
  if (named.length === 0 && direct.length === 0) return undefined;
  const texts = named.map((path) => project.text(path));
  if (texts.includes(undefined)) return undefined;
  const names = [...direct, ...texts.flatMap((text) => readRequirements(text!))];
  return sorted(names);
}

function sorted(names: readonly string[]): PythonPackages {
  const distinct = [...new Set(names)];
  return {
    isLocked: false,
    compiled: distinct.filter((name) => compiled.has(name)),
    wheels: distinct.filter((name) => wheels.has(name)),
    unknown: distinct.filter((name) => !pure.has(name) && !wheels.has(name) && !compiled.has(name)),
  };
}

/** The files behind `-r`, where they are in the context under the same name. */
function requirementFiles({ runs, project }: SwapSubject): readonly string[] {
  const named = runs.flatMap(({ programs }) =>
    programs
      .filter(({ name }) => /^(?:pip|pip3|uv)$/.test(name))
      .flatMap(({ args }) =>
        args.flatMap(({ value }, at) =>
          value === '-r' || value === '--requirement'
            ? [args[at + 1]?.value ?? '']
            : /^-r./.test(value ?? '')
              ? [value!.slice(2)]
              : [],
        ),
      ),
  );
  return named.flatMap((path) => {
    const name = path.replace(/^.*\//, '');
    const found =
      project.files.find((file) => file === path.replace(/^\.?\//, '')) ??
      project.files.find((file) => file === name || file.endsWith(`/${name}`));
    return found === undefined ? [] : [found];
  });
}

/** Packages that `pip install` names itself. */
function directPackages({ runs }: SwapSubject): readonly string[] {
  return runs.flatMap(({ programs }) =>
    programs.flatMap(({ name, args }) => {
      const words = args.map(({ value }) => value);
      if (!/^(?:pip|pip3)$/.test(name) || words[0] !== 'install') return [];
      return words.slice(1).flatMap((word, at) => {
        const before = words[at];
        if (word === undefined) return ['?'];
        if (
          word.startsWith('-') ||
          /^(?:-r|--requirement|-c|--constraint|-i|--index-url|--extra-index-url|-t|--target|--prefix)$/.test(
            before ?? '',
          )
        )
          return [];
        return [normal(word)];
      });
    }),
  );
}

function readRequirements(text: string): readonly string[] {
  return (
    text
      .split(/\r?\n/)
      .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
      .filter(
        (line) =>
          line !== '' &&
          !line.startsWith('--hash') &&
          !/^-(?:-index-url|-extra-index-url|i|-no-binary|-prefer-binary)/.test(line),
      )
      // Extras bring packages of their own.
      .flatMap((line) => (/^[\w.-]+\s*\[/.test(line) ? [normal(line), `${normal(line)}[…]`] : [normal(line)]))
  );
}

/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
function normal(requirement: string): string {
  return (
    /^[A-Za-z0-9][\w.-]*/
      .exec(requirement)?.[0]
      ?.toLowerCase()
      .replace(/[-_.]+/g, '-') ?? '?'
  );
}

/** `uv.lock` and `poetry.lock` name every file that there is of a package: they prove what the lists only guess. */
function readLock(text: string, version: string): PythonPackages {
  const tag = `cp${version.split('.').slice(0, 2).join('')}`;
  const found: { compiled: string[]; wheels: string[]; unknown: string[] } = { compiled: [], wheels: [], unknown: [] };
  for (const part of text.split(/^\[\[package\]\]\s*$/m).slice(1)) {
    const name = normal(/^name = "([^"]+)"/m.exec(part)?.[1] ?? '?');
    // The project itself.
    if (/^source = \{ (?:virtual|editable|directory) = /m.test(part)) continue;
    const files = [...part.matchAll(/[\w.+-]+\.whl/g)].map(([file]) => file);
    if (files.some((file) => file.endsWith('-none-any.whl'))) continue;
    if (files.some((file) => file.includes('musllinux') && (file.includes('-abi3-') || file.includes(`-${tag}-`))))
      continue;
    if (files.some((file) => file.includes('manylinux'))) found.wheels.push(name);
    else if (files.length > 0 || /\.(?:tar\.gz|zip)/.test(part)) found.compiled.push(name);
    else found.unknown.push(name);
  }
  return { ...found, isLocked: true };
}
